import { fromUnknown, OptioError } from '../errors.ts';

const USE_A_FILE = 'Put large input into a file in the workspace and name the file instead.';

/** Codex knows no such turn (any more), by its own words for it: there is no code for that. */
export function isNoSuchTurn(error: unknown): boolean {
  return error instanceof OptioError && /no active turn|expected active turn id/.test(error.message);
}

/** Codex has not written the thread down (yet), by its own words for it. */
export function isNotStored(error: unknown): boolean {
  return error instanceof OptioError && /no rollout found/.test(error.message);
}

/** Codex has no such thread, in memory or on disk, by its own words for it. */
export function isUnknownThread(error: unknown): boolean {
  return isNotStored(error) || (error instanceof OptioError && /thread not loaded/.test(error.message));
}

/** The failure of a call that was to hand over a message, with Codex's words. */
export function rejected(cause: unknown): OptioError {
  const error = fromUnknown(cause);
  if (error.code !== 'call-failed') return error;
  const isTooLong = /maximum length/.test(error.message);
  return new OptioError('turn-rejected', error.message.replace(/^"[\w/]+" failed/, 'Codex did not take the message'), {
    cause,
    data: error.details.data,
    ...(isTooLong && { remedy: USE_A_FILE }),
  });
}

/** The failure of a message of so many bytes that may not wait for Codex. */
export function noRoom(bytes: number, maxBytes: number): OptioError {
  if (bytes > maxBytes) {
    const what = `a message of ${bytes} bytes is more than may wait for Codex (${maxBytes} bytes)`;
    return new OptioError('message-too-large', what, { remedy: USE_A_FILE });
  }
  return new OptioError('overloaded', `more messages than ${maxBytes} bytes would wait for Codex to accept them`, {
    remedy: 'Send it again when one of them has been accepted.',
  });
}
