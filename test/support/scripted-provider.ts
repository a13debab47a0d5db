import { randomBytes } from 'node:crypto';
import type { SeedsOptions } from '../../src/seeds/lent-seeds.ts';
import { carryOut } from '../../src/seeds/refresh-order.ts';
import { token } from './auth.ts';

/** What the provider answers, in place of what it should. */
export type Script = () => Response | Promise<Response>;

export interface ScriptedProviderOptions {
  /** What time it is, in milliseconds. */
  readonly now: () => number;
  /** How long an access token lives, in milliseconds (an hour). */
  readonly livesMs?: number;
}

/** The provider as far as seeds ask it, in this process, by a clock that a test sets. Each refresh token works once. */
export class ScriptedProvider {
  /** What is to be answered to the next refreshes, and to all that have nothing else. */
  readonly next: Script[] = [];
  always: Script | undefined;
  /** The refresh tokens that came, in their order. */
  readonly refreshed: string[] = [];
  /** How often a token came that was used up. */
  again = 0;
  usage: { percent: number; resetsAt: number | null } = { percent: 10, resetsAt: null };
  /** How often the usage was asked for. */
  usageAsked = 0;
  readonly #options: ScriptedProviderOptions;
  readonly #good = new Map<string, string>();

  constructor(options: ScriptedProviderOptions) {
    this.#options = options;
  }

  /** How `Seeds` comes here. */
  get options(): NonNullable<SeedsOptions['provider']> {
    const fetch = this.#fetch as typeof globalThis.fetch;
    return {
      fetch,
      start: async () => ({ identity: null, tell: (order) => carryOut(order, fetch, this.#options.now), letGo() {} }),
    };
  }

  /** An auth.json of an account. */
  login(account = 'acct-1'): string {
    const { refresh_token, ...tokens } = this.#issue(account);
    return JSON.stringify({
      auth_mode: 'chatgpt',
      tokens: { ...tokens, refresh_token, account_id: account },
      last_refresh: new Date(this.#options.now()).toISOString(),
    });
  }

  /** What a refresh gives. */
  issue(account = 'acct-1'): Response {
    return Response.json(this.#issue(account));
  }

  /** The same with an access token that does not say since when it is good, or says nothing at all: then the answer says for how long. */
  issueVague(kind: 'no iat' | 'opaque', livesMs: number, account = 'acct-1'): Response {
    const { id_token, refresh_token } = this.#issue(account);
    const access =
      kind === 'no iat'
        ? { access_token: token({ exp: Math.floor((this.#options.now() + livesMs) / 1000) }) }
        : { access_token: `at_${randomBytes(24).toString('base64url')}`, expires_in: Math.floor(livesMs / 1000) };
    return Response.json({ ...access, id_token, refresh_token });
  }

  #issue(account: string) {
    const { now, livesMs = 3_600_000 } = this.#options;
    const iat = now() / 1000;
    const auth = { chatgpt_account_id: account, chatgpt_user_id: `user of ${account}`, chatgpt_plan_type: 'pro' };
    const claims = { iat, exp: iat + livesMs / 1000, 'https://api.openai.com/auth': auth };
    const refresh = `rt_${randomBytes(24).toString('base64url')}`;
    this.#good.set(refresh, account);
    return { access_token: token(claims), id_token: token(claims), refresh_token: refresh };
  }

  readonly #fetch = async (url: string, init: RequestInit): Promise<Response> => {
    if (url.endsWith('/wham/usage')) return this.#tellUsage();
    const { refresh_token: sent } = JSON.parse(String(init.body)) as { refresh_token: string };
    if (this.refreshed.includes(sent)) this.again++;
    this.refreshed.push(sent);
    const script = this.next.shift() ?? this.always;
    if (script) return script();
    const account = this.#good.get(sent);
    this.#good.delete(sent);
    return account ? this.issue(account) : refuse(401, 'refresh_token_reused');
  };

  #tellUsage(): Response {
    this.usageAsked++;
    const { percent, resetsAt } = this.usage;
    const window = { used_percent: percent, limit_window_seconds: 18_000, reset_at: resetsAt };
    return Response.json({ plan_type: 'plus', rate_limit: { allowed: percent < 100, primary_window: window } });
  }
}

export function refuse(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { code } }, { status, headers });
}
