import { type ErrorCode, type ErrorDetails, OptioError } from '../errors.ts';

/** Makes an error that seems to come from where a call was made, not from where its answer was read. */
export type FailAt = (code: ErrorCode, message: string, details?: ErrorDetails) => OptioError;

/** Remembers who called `entry`; errors made by the result carry that stack. */
export function rememberCaller(entry: (...args: never[]) => unknown): FailAt {
  const site: { stack?: string } = {};
  Error.captureStackTrace(site, entry);
  return (code, message, details) => {
    const error = new OptioError(code, message, details);
    const frames = site.stack?.slice(site.stack.indexOf('\n') + 1);
    if (frames) error.stack = `${error.name}: ${message}\n${frames}`;
    return error;
  };
}
