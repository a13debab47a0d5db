import { randomBytes } from 'node:crypto';

/** What a login of ChatGPT is made of, where it matters. */
export interface AuthParts {
  readonly account?: string;
  readonly user?: string;
  readonly email?: string;
  readonly plan?: string;
  /** When the access token ends, in seconds. */
  readonly exp?: number;
  readonly refresh?: string;
  readonly lastRefresh?: string;
}

/** A token as they are made: random where it counts. */
export function token(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
}

/** An auth.json as Codex writes it after a login with ChatGPT; every one of them is another. */
export function chatgptAuth(parts: AuthParts = {}): string {
  const { account = 'acct-1', user = 'user-1', email = 'ada@example.org', plan = 'pro', exp = 4_000_000_000 } = parts;
  const { refresh = `rt_${randomBytes(32).toString('base64url')}`, lastRefresh = '2026-11-22T10:00:00.123456789Z' } =
    parts;
  const auth = { chatgpt_account_id: account, chatgpt_plan_type: plan, chatgpt_user_id: user };
  return JSON.stringify({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: token({ email, sub: user, 'https://api.openai.com/auth': auth }),
      access_token: token({ exp, sub: user, 'https://api.openai.com/auth': auth }),
      refresh_token: refresh,
      account_id: account,
    },
    last_refresh: lastRefresh,
  });
}

/** The secrets in an auth.json. */
export function secretsOf(auth: string): string[] {
  const { tokens, OPENAI_API_KEY: key } = JSON.parse(auth);
  return [...(tokens ? [tokens.access_token, tokens.refresh_token, tokens.id_token] : []), ...(key ? [key] : [])];
}
