import { fromUnknown, OptioError } from '../errors.ts';

/** Codex knows no such turn (any more), by its own words for it: there is no code for that. */
export function isNoSuchTurn(error: unknown): boolean {
  return error instanceof OptioError && /no active turn|expected active turn id/.test(error.message);
}

/** The failure of a call that was to hand over a message, with Codex's words. */
export function rejected(cause: unknown): OptioError {
  const error = fromUnknown(cause);
  if (error.code !== 'call-failed') return error;
  const isTooLong = /maximum length/.test(error.message);
  return new OptioError('turn-rejected', error.message.replace(/^"[\w/]+" failed/, 'Codex did not take the message'), {
    cause,
    data: error.details.data,
    ...(isTooLong && { remedy: 'Put large input into a file in the workspace and name the file instead.' }),
  });
}
