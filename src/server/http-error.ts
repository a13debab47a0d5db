import { OptioError } from '../errors.ts';

/** An error for which HTTP has a status of its own, besides the one of its code. */
export class HttpError extends OptioError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: OptioError, headers: Readonly<Record<string, string>> = {}) {
    super(error.code, error.message, { ...error.details, cause: error.cause });
    this.status = status;
    this.headers = headers;
  }
}

/** Something in a request that is not what it has to be. */
export function invalidInput(field: string, message: string, remedy: string): OptioError {
  return new OptioError('invalid-input', `${field}: ${message}`, { field, remedy });
}
