import { decodeJwt } from 'jose';
import { callProvider, type ProviderAnswer, readObject, type Unknown } from './provider-call.ts';

const TOKEN_ENDPOINT = 'https://auth.openai.com/oauth/token';
/** The client that ChatGPT logins of codex belong to. */
const CLIENT_ID = 'app_EMoamEEZ73f0CkXaXp7hrann';
/** Long, for whoever gives up on a refresh may lose what it gave. In milliseconds. */
const DEADLINE_MS = 60_000;

/**
 * The provider's words for a refresh token that will never work again. Not among them: what it says of a client or of a
 * request, and whatever we do not know.
 */
const DEFINITE = [
  'refresh_token_expired',
  'refresh_token_reused',
  'refresh_token_invalidated',
  'invalid_refresh_token',
  'invalid_grant',
  'app_session_expired',
  'app_session_terminated',
  'token_expired', // what a token that was never any good is told
] as const;

type DefiniteRefusal = (typeof DEFINITE)[number];

/** What came of a refresh. */
export type RefreshResult =
  /** The refresh token that was sent is used up. */
  | {
      readonly kind: 'refreshed';
      readonly accessToken: string;
      /** The one to use next time; the same as before where the provider gave no other. */
      readonly refreshToken: string;
      readonly idToken?: string;
      /** When the access token ends, in milliseconds since 1970; null when it does not say. */
      readonly expiresAt: number | null;
    }
  /** The login is dead. */
  | { readonly kind: 'refused'; readonly code: DefiniteRefusal }
  /** Nothing is known of the login. */
  | {
      readonly kind: 'unknown';
      readonly why: Unknown;
      /** For people; no secret is in it. */
      readonly detail: string;
      readonly retryAfterMs?: number;
      /** The provider may have used the refresh token up: to send it again is a risk. */
      readonly mayHaveActed: boolean;
      /** A newer refresh token, out of an answer that is of no other use: it has to be kept, and used from now on. */
      readonly refreshToken?: string;
    };

export interface RefreshOptions {
  readonly refreshToken: string;
  readonly fetch: typeof globalThis.fetch;
  /** Why it is refreshed, as codex tells the provider. */
  readonly reason?: 'proactive_expiry' | 'unauthorized_recovery';
  /** Where the provider takes it; OpenAI's own unless told otherwise. */
  readonly endpoint?: string;
  /** In milliseconds; a minute unless told otherwise. */
  readonly deadlineMs?: number;
  /** What time it is, in milliseconds since 1970; that of the system unless told otherwise. */
  readonly now?: () => number;
}

/**
 * Refreshes a ChatGPT login: sends its refresh token, which works once, and gives the next. It asks once, cannot be
 * cancelled, and never throws: each of these could lose a token. Whoever calls it has the lease, has noted that it is
 * under way, and keeps what it gives before anything else.
 */
export async function refreshLogin(options: RefreshOptions): Promise<RefreshResult> {
  const { refreshToken, reason = 'proactive_expiry', endpoint = TOKEN_ENDPOINT, deadlineMs = DEADLINE_MS } = options;
  const answer = await callProvider({
    fetch: options.fetch,
    url: endpoint,
    body: {
      client_id: CLIENT_ID,
      grant_type: 'refresh_token',
      refresh_reason: reason,
      refresh_token: refreshToken,
    },
    deadlineMs,
  });
  if ('why' in answer) return { kind: 'unknown', ...answer };
  return answer.status >= 200 && answer.status < 300
    ? readTokens(answer, refreshToken, options.now ?? Date.now)
    : readRefusal(answer);
}

function readTokens({ text, isWhole }: ProviderAnswer, sent: string, now: () => number): RefreshResult {
  const told = isWhole ? readObject(text) : undefined;
  const newer = textOr(told?.refresh_token) ?? (told ? undefined : salvage(text));
  const accessToken = textOr(told?.access_token);
  if (!accessToken) {
    const why = isWhole ? 'malformed' : 'cut-off';
    const detail = 'the answer holds no access token';
    return { kind: 'unknown', why, detail, mayHaveActed: true, ...(newer && { refreshToken: newer }) };
  }
  const idToken = textOr(told?.id_token);
  return {
    kind: 'refreshed',
    accessToken,
    refreshToken: newer ?? sent,
    ...(idToken && { idToken }),
    expiresAt: expiryOf(accessToken, told?.expires_in, now()),
  };
}

function readRefusal({ status, text, retryAfterMs }: ProviderAnswer): RefreshResult {
  const told = readObject(text);
  const code = errorCode(told);
  const isAnswer = status === 400 || status === 401 || status === 403;
  const definite = isAnswer ? DEFINITE.find((known) => known === code) : undefined;
  if (definite) return { kind: 'refused', code: definite };
  return {
    kind: 'unknown',
    why: status === 429 ? 'rate-limited' : status >= 500 ? 'provider-error' : 'unexpected',
    detail: `HTTP ${status}${code && /^[a-z0-9_.-]{1,60}$/.test(code) ? ` ${code}` : ''}`,
    mayHaveActed: status >= 500,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The provider words errors in three ways: an object with a code, the code alone, and a code beside. */
function errorCode(told: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { error, code } = told ?? {};
  if (typeof error === 'string') return error.toLowerCase();
  const named = (error as { code?: unknown } | null | undefined)?.code ?? code;
  return typeof named === 'string' ? named.toLowerCase() : undefined;
}

/** The refresh token of an answer that broke off after it. */
function salvage(text: string): string | undefined {
  const [, literal] = /"refresh_token"\s*:\s*("(?:[^"\\]|\\.)+")/.exec(text) ?? [];
  try {
    return literal ? (JSON.parse(literal) as string) : undefined;
  } catch {
    return undefined;
  }
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function expiryOf(accessToken: string, expiresIn: unknown, now: number): number | null {
  try {
    const { exp } = decodeJwt(accessToken);
    if (typeof exp === 'number') return exp * 1000;
  } catch {
    // It need not be a JWT for us.
  }
  return typeof expiresIn === 'number' ? now + expiresIn * 1000 : null;
}
