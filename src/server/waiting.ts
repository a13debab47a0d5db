import { OptioError } from '../errors.ts';
import { HttpError } from './http-error.ts';

/** Resolves after so many milliseconds, or as soon as nobody needs it any more. */
export async function wait(ms: number, stopped: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  stopped.addEventListener('abort', () => resolve(), { once: true });
  if (stopped.aborted) resolve();
  await promise.finally(() => clearTimeout(timer));
}

/** Something that may take long, unless the server stops meanwhile. Throws `aborted` then: it may go on all the same. */
export async function unlessStopped<T>(work: Promise<T>, stopped: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(stopping());
  stopped.addEventListener('abort', stop, { once: true });
  if (stopped.aborted) stop();
  return Promise.race([work, promise]).finally(() => stopped.removeEventListener('abort', stop));
}

/** What whoever asks is told while the server goes. */
export function stopping(): HttpError {
  const error = new OptioError('aborted', 'the server is stopping', {
    remedy: 'Ask again, with the same key, once it is back.',
  });
  return new HttpError(503, error, { 'Retry-After': '1', Connection: 'close' });
}
