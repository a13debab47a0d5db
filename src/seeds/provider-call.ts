import { CLIENT_NAME, CLIENT_VERSION } from '../codex/client-info.ts';

/** No answer about a login is longer, in characters. */
const MAX_TEXT = 1024 * 1024;

/** Failures that come about before a request has left us, so that the provider cannot have acted on it. */
const BEFORE_SENDING = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_CONN',
]);

export interface ProviderCall {
  readonly fetch: typeof globalThis.fetch;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST of JSON. */
  readonly body?: object;
  /** In milliseconds, for the whole answer. */
  readonly deadlineMs: number;
}

export interface ProviderAnswer {
  readonly status: number;
  /** As far as it came. It may hold tokens: it goes into no error and no log. */
  readonly text: string;
  /** It came to its end. */
  readonly isWhole: boolean;
  /** How long the provider wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** Why a provider says nothing of use about a login. */
export type Unknown =
  | 'rate-limited'
  | 'provider-error'
  | 'timeout'
  | 'unreachable'
  | 'untrusted'
  | 'cut-off'
  | 'malformed'
  | 'unexpected';

export interface NoAnswer {
  readonly why: Extract<Unknown, 'timeout' | 'unreachable' | 'untrusted' | 'cut-off'>;
  /** For people: a code of the network or of the operating system. */
  readonly detail: string;
  /** The request may have got there. */
  readonly mayHaveActed: boolean;
}

/** Asks the provider once, and never again by itself. Resolves in any case; what the answer means is the caller's to say. */
export async function callProvider(call: ProviderCall): Promise<ProviderAnswer | NoAnswer> {
  const { url, headers, body, deadlineMs } = call;
  const signal = AbortSignal.timeout(deadlineMs);
  let response: Response;
  try {
    response = await call.fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: {
        originator: CLIENT_NAME,
        'user-agent': `${CLIENT_NAME}/${CLIENT_VERSION}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual', // a secret goes to nobody else
      signal,
    });
  } catch (error) {
    return toNoAnswer(error, signal);
  }
  return { status: response.status, retryAfterMs: readRetryAfter(response.headers), ...(await readText(response)) };
}

/** What an answer says as JSON; undefined when it is none, or no object. */
export function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function readText(response: Response): Promise<Pick<ProviderAnswer, 'text' | 'isWhole'>> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_TEXT) return { text, isWhole: false };
    }
    return { text, isWhole: true };
  } catch {
    return { text, isWhole: false }; // what came of it may still matter
  }
}

function toNoAnswer(error: unknown, signal: AbortSignal): NoAnswer {
  if (signal.aborted) return { why: 'timeout', detail: 'no answer in time', mayHaveActed: true };
  const code = codeOf(error);
  if (/CERT|SIGNATURE/.test(code)) return { why: 'untrusted', detail: code, mayHaveActed: false };
  if (BEFORE_SENDING.has(code)) return { why: 'unreachable', detail: code, mayHaveActed: false };
  return { why: 'cut-off', detail: code, mayHaveActed: true };
}

/** The code of what went wrong below; never a message, which may quote what was sent. */
function codeOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code, name } = cause as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}

function readRetryAfter(headers: Headers): number | undefined {
  const told = headers.get('retry-after');
  if (!told) return undefined;
  const ms = /^\d+$/.test(told) ? Number(told) * 1000 : Date.parse(told) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
