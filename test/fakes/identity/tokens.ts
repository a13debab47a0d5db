import { createHmac, randomBytes } from 'node:crypto';
import type { Account } from './account.ts';

/** What signs the tokens of this process; nobody outside the provider checks a signature, as with the real one. */
const KEY = randomBytes(32);

/** The client of the codex binary, which the provider knows. */
export const CLIENT_ID = 'app_EMoamEEZ73f0CkXaXp7hrann';

/** A token for the requests of an account, which lives for so many seconds. */
export function makeAccessToken(account: Account, seconds: number): string {
  return sign({ ...lifeOf(seconds), scp: ['openid', 'profile', 'email', 'offline_access'], ...identityOf(account) });
}

/** Who somebody is, as codex reads it. */
export function makeIdToken(account: Account, seconds: number): string {
  return sign({ ...lifeOf(seconds), email: account.email, email_verified: true, ...identityOf(account) });
}

/** A secret that says nothing. */
export function makeOpaque(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('base64url')}`;
}

/** When a token ends, in seconds since 1970. */
export function expiryOf(token: string): number {
  return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }).exp;
}

function lifeOf(seconds: number): object {
  const now = Math.floor(Date.now() / 1000);
  // Two tokens of one second are two tokens.
  return { iss: 'https://auth.openai.com', iat: now, exp: now + seconds, jti: randomBytes(12).toString('base64url') };
}

function identityOf(account: Account): object {
  return {
    'https://api.openai.com/auth': {
      chatgpt_account_id: account.id,
      chatgpt_plan_type: account.plan,
      chatgpt_user_id: account.userId,
      user_id: account.userId,
      chatgpt_account_is_fedramp: false,
    },
    'https://api.openai.com/profile': { email: account.email, email_verified: true },
  };
}

function sign(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', KEY).update(signed).digest('base64url')}`;
}
