import { decodeJwt } from 'jose';
import type { RefreshResult } from './token-endpoint.ts';

/** The tokens of a ChatGPT login. */
export interface LoginTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly accountId: string | null;
  readonly plan: string | null;
  /** When the access token ends, and how long it is good for in all, in milliseconds; null when it does not say. */
  readonly endsAt: number | null;
  readonly livesMs: number | null;
}

interface StoredAuth {
  readonly tokens?: {
    readonly access_token: string;
    readonly refresh_token: string;
    readonly id_token?: string | null;
    readonly account_id?: string | null;
  } | null;
}

/** The tokens in a whole auth.json; undefined for a key. */
export function tokensOf(auth: string): LoginTokens | undefined {
  const { tokens } = JSON.parse(auth) as StoredAuth;
  if (!tokens) return undefined;
  const access = claimsOf(tokens.access_token);
  const identity = claimsOf(tokens.id_token);
  const { exp, iat } = access;
  const endsAt = typeof exp === 'number' ? exp * 1000 : null;
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    accountId:
      tokens.account_id ?? text(authOf(access).chatgpt_account_id) ?? text(authOf(identity).chatgpt_account_id),
    plan: text(authOf(access).chatgpt_plan_type) ?? text(authOf(identity).chatgpt_plan_type),
    endsAt,
    livesMs: endsAt !== null && typeof iat === 'number' && iat * 1000 < endsAt ? endsAt - iat * 1000 : null,
  };
}

export function apiKeyOf(auth: string): string {
  return (JSON.parse(auth) as { OPENAI_API_KEY: string }).OPENAI_API_KEY;
}

type NewTokens = Partial<
  Pick<Extract<RefreshResult, { kind: 'refreshed' }>, 'accessToken' | 'refreshToken' | 'idToken'>
>;

/**
 * What an auth.json becomes with what a refresh gave; undefined when that says that it is of another account, or of somebody else
 * in it. What it does not give stays.
 */
export function renewAuth(auth: string, given: NewTokens, at: string): string | undefined {
  const stored = JSON.parse(auth) as StoredAuth & Record<string, unknown>;
  const before = stored.tokens;
  if (!before) return undefined;
  const known = whoOf(before.access_token, before.id_token, before.account_id);
  const told = whoOf(given.accessToken, given.idToken);
  const isOther = (['account', 'user'] as const).some(
    (each) => known[each] && told[each] && known[each] !== told[each],
  );
  if (isOther) return undefined;
  const tokens = {
    ...before,
    ...(given.accessToken && { access_token: given.accessToken }),
    ...(given.refreshToken && { refresh_token: given.refreshToken }),
    ...(given.idToken && { id_token: given.idToken }),
  };
  return `${JSON.stringify({ ...stored, tokens, ...(given.accessToken && { last_refresh: at }) }, null, 2)}\n`;
}

function whoOf(access?: string | null, identity?: string | null, account?: string | null) {
  const [claims, others] = [authOf(claimsOf(access)), authOf(claimsOf(identity))];
  return {
    account: account ?? text(claims.chatgpt_account_id) ?? text(others.chatgpt_account_id),
    user: text(claims.chatgpt_user_id) ?? text(others.chatgpt_user_id),
  };
}

function authOf(claims: Record<string, unknown>): Record<string, unknown> {
  const auth = claims['https://api.openai.com/auth'];
  return typeof auth === 'object' && auth !== null ? (auth as Record<string, unknown>) : {};
}

function claimsOf(token: string | null | undefined): Record<string, unknown> {
  try {
    return decodeJwt(token ?? '');
  } catch {
    return {};
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
