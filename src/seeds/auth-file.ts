import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { SeedFacts } from '../store/store.ts';

/** What an auth.json says of itself; nothing of it lets anybody in. */
export interface AuthFacts extends SeedFacts {
  /** Tells who it is apart, also within an account: of a login that was refreshed it is the same. */
  readonly owner: string;
  /** Tells one login from the one that it became when it was refreshed. */
  readonly fingerprint: string;
}

/** `whole`: Codex could log in with it, as far as that can be seen; otherwise why not, without a word of what stands in it. */
export type ReadAuth =
  | { readonly isWhole: true; readonly facts: AuthFacts }
  | { readonly isWhole: false; readonly why: string };

const text = z.string().min(1);
const authSchema = z.object({
  auth_mode: z.string().nullish(),
  OPENAI_API_KEY: text.nullish(),
  tokens: z
    .object({
      access_token: text,
      refresh_token: text,
      id_token: text.nullish(),
      account_id: text.nullish(),
    })
    .nullish(),
  last_refresh: z.string().nullish(),
});
type Auth = z.infer<typeof authSchema>;
type Tokens = NonNullable<Auth['tokens']>;

/** Looks at an auth.json, which may be half-written, of somebody who is logged out, or anything else. */
export function readAuth(content: string): ReadAuth {
  let stored: unknown;
  try {
    stored = JSON.parse(content);
  } catch {
    return { isWhole: false, why: 'it is no JSON: perhaps it was read while it was written' };
  }
  const parsed = authSchema.safeParse(stored);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    return { isWhole: false, why: path ? `its ${path} is missing, or is not what it should be` : 'it is no login' };
  }
  const { tokens, OPENAI_API_KEY: key, auth_mode: mode } = parsed.data;
  if (key && (!tokens || mode === 'apikey')) return { isWhole: true, facts: factsOfKey(key) };
  if (tokens) return { isWhole: true, facts: factsOfTokens(tokens, parsed.data) };
  return { isWhole: false, why: 'nobody is logged in' };
}

/** An auth.json with a key, as Codex writes it. */
export function authOfKey(apiKey: string): string {
  return `${JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: apiKey }, null, 2)}\n`;
}

function factsOfKey(key: string): AuthFacts {
  const fingerprint = digest(['apiKey', key]);
  return { kind: 'apiKey', account: null, refreshedAt: null, accessExpiresAt: null, owner: fingerprint, fingerprint };
}

function factsOfTokens(tokens: Tokens, { last_refresh }: Auth): AuthFacts {
  const access = claimsOf(tokens.access_token);
  const identity = claimsOf(tokens.id_token);
  const auth = { ...authClaims(access), ...authClaims(identity) };
  const accountId = line(tokens.account_id ?? auth.chatgpt_account_id);
  const email = line(identity.email);
  const user = line(auth.chatgpt_user_id ?? auth.user_id ?? identity.sub ?? access.sub);
  return {
    kind: 'chatgpt',
    account: { accountId, email, plan: line(auth.chatgpt_plan_type) },
    refreshedAt: isoOf(last_refresh ? Date.parse(last_refresh) : Number.NaN),
    accessExpiresAt: isoOf(typeof access.exp === 'number' ? access.exp * 1000 : Number.NaN),
    owner: digest(['chatgpt', accountId, user]),
    fingerprint: digest(['chatgpt', tokens.access_token, tokens.refresh_token]),
  };
}

function claimsOf(token: string | null | undefined): Record<string, unknown> {
  try {
    return decodeJwt(token ?? '');
  } catch {
    return {};
  }
}

function authClaims(claims: Record<string, unknown>): Record<string, unknown> {
  const auth = claims['https://api.openai.com/auth'];
  return typeof auth === 'object' && auth !== null ? (auth as Record<string, unknown>) : {};
}

/** A claim as it may stand in a list: whoever has written the file may have written anything. */
function line(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]{1,320}$/.test(value) ? value : null;
}

function isoOf(time: number): string | null {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null;
}

function digest(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
