import { OptioError } from '../../src/errors.ts';

/** The error of ours that a promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<OptioError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof OptioError) return outcome.error;
  throw new Error('expected an error of ours', { cause: 'error' in outcome ? outcome.error : outcome.value });
}
