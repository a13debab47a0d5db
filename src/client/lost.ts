import { OptioError } from '../errors.ts';
import { Setback } from './setback.ts';

/** What Node says when nothing was sent yet, since nobody was there to take it. */
const NEVER_SENT = [
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** What it means that `fetch` has thrown, or an answer broke off. */
export function lost(thrown: unknown, base: string): Setback {
  const { code, text } = whyOf(thrown);
  const neverSent = code !== undefined && NEVER_SENT.includes(code);
  const what = neverSent ? `no server answers at ${base}` : `the connection to the server at ${base} was lost`;
  const error = new OptioError('server-unreachable', text === '' ? what : `${what}: ${text}`, {
    cause: thrown,
    remedy: 'See whether it runs: `optio-codex serve` starts it and shows what it says.',
  });
  return new Setback(error, { perhapsDone: !neverSent, isLost: true });
}

/** What is not to be tried again, although nobody knows whether it was done. */
export function uncertain({ error }: Setback): OptioError {
  return new OptioError(error.code, error.message, {
    ...error.details,
    cause: error,
    remedy: 'It may have been done all the same: look before you do it again.',
  });
}

/** What becomes of a call that was called off, and of which nothing had arrived. */
export function calledOff(): OptioError {
  return new OptioError('aborted', 'it was called off before it was sent');
}

/** `fetch` says little itself: what happened stands in the cause, or in the cause of that. */
function whyOf(thrown: unknown): { readonly code: string | undefined; readonly text: string } {
  let text = '';
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as { readonly code?: unknown };
    text = error.message || text;
    if (typeof code === 'string') return { code, text: text || code };
  }
  return { code: undefined, text };
}
