import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SeedFacts } from '../store/store.ts';
import { isGateToken } from './gate-token.ts';
import { isOfAnotherOwner, type LoginOwner, ownerOf } from './login-owner.ts';
import { authClaimsOf, claimsOf } from './token-claims.ts';

/** What an auth.json says of itself; nothing of it lets anybody in. */
export interface AuthFacts extends SeedFacts {
  /** Whose it is, as it says; a key does not say that. */
  readonly owner: LoginOwner;
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
  if (tokens && isGateToken(tokens.refresh_token)) {
    return { isWhole: false, why: 'it is what a run was given: it has no refresh token, only what opens our gate' };
  }
  if (tokens) return { isWhole: true, facts: factsOfTokens(tokens, parsed.data) };
  return { isWhole: false, why: 'nobody is logged in' };
}

/** Whether one login is of somebody else than the one that is known, or another key than that. */
export function isOfAnother(known: AuthFacts, login: AuthFacts): boolean {
  if (known.kind !== login.kind) return true;
  return known.kind === 'apiKey' ? known.fingerprint !== login.fingerprint : isOfAnotherOwner(known.owner, login.owner);
}

/** An auth.json with a key, as Codex writes it. */
export function authOfKey(apiKey: string): string {
  return `${JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: apiKey }, null, 2)}\n`;
}

function factsOfKey(key: string): AuthFacts {
  const fingerprint = digest(['apiKey', key]);
  return { kind: 'apiKey', account: null, refreshedAt: null, accessExpiresAt: null, owner: [], fingerprint };
}

function factsOfTokens(tokens: Tokens, { last_refresh }: Auth): AuthFacts {
  const access = claimsOf(tokens.access_token);
  const identity = claimsOf(tokens.id_token);
  const auth = { ...authClaimsOf(access), ...authClaimsOf(identity) };
  const accountId = line(tokens.account_id ?? auth.chatgpt_account_id);
  const email = line(identity.email);
  return {
    kind: 'chatgpt',
    account: { accountId, email, plan: line(auth.chatgpt_plan_type) },
    refreshedAt: isoOf(last_refresh ? Date.parse(last_refresh) : Number.NaN),
    accessExpiresAt: isoOf(typeof access.exp === 'number' ? access.exp * 1000 : Number.NaN),
    owner: ownerOf(tokens),
    fingerprint: digest(['chatgpt', tokens.access_token, tokens.refresh_token]),
  };
}

/** A claim as it may stand in a list: whoever has written the file may have written anything. */
function line(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]{1,320}$/.test(value) ? value : null;
}

function isoOf(time: number): string | null {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
