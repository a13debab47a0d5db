import { isOfAnotherOwner, ownerOf } from './login-owner.ts';
import { authClaimsOf, claimsOf, textOf } from './token-claims.ts';
import type { RefreshResult } from './token-endpoint.ts';

/** The tokens of a ChatGPT login. */
export interface LoginTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string | null;
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
    idToken: tokens.id_token ?? null,
    accountId:
      tokens.account_id ??
      textOf(authClaimsOf(access).chatgpt_account_id) ??
      textOf(authClaimsOf(identity).chatgpt_account_id),
    plan: textOf(authClaimsOf(access).chatgpt_plan_type) ?? textOf(authClaimsOf(identity).chatgpt_plan_type),
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

/** What a refresh makes of a login. */
export interface RenewedAuth {
  /** The auth.json. What the refresh does not give stays. */
  readonly auth: string;
  /** What it gave says that it is of another account, or of another person. */
  readonly isOfAnother: boolean;
}

/** What an auth.json becomes with what a refresh gave; undefined where there are no tokens in it. */
export function renewAuth(auth: string, given: NewTokens, at: string): RenewedAuth | undefined {
  const stored = JSON.parse(auth) as StoredAuth & Record<string, unknown>;
  const before = stored.tokens;
  if (!before) return undefined;
  const told = ownerOf({ access_token: given.accessToken, id_token: given.idToken });
  const tokens = {
    ...before,
    ...(given.accessToken && { access_token: given.accessToken }),
    ...(given.refreshToken && { refresh_token: given.refreshToken }),
    ...(given.idToken && { id_token: given.idToken }),
  };
  const renewed = { ...stored, tokens, ...(given.accessToken && { last_refresh: at }) };
  return {
    auth: `${JSON.stringify(renewed, null, 2)}\n`,
    isOfAnother: isOfAnotherOwner(ownerOf(before), told),
  };
}
