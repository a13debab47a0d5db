import type { Answer } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { fromUnknown } from '../../errors.ts';

/** Gives the order to stop. A run that has ended meanwhile needs to hear nothing. */
export function cancelRun(handle: RunHandle, reason: string): void {
  handle.cancel(reason).catch(() => {});
}

/**
 * Answers a request unless somebody else was faster, or its turn has ended: the journal tells what held. `via`: by what means.
 * Throws whatever else keeps the answer from being given: the request waits on then.
 */
export async function answerIfOpen(handle: RunHandle, requestId: string, answer: Answer, via: string): Promise<void> {
  try {
    await handle.answer(requestId, answer, { via });
  } catch (thrown) {
    if (!isOpenNoMore(thrown)) throw thrown;
  }
}

/** Whether an answer was not taken because none is needed any more. */
export function isOpenNoMore(thrown: unknown): boolean {
  return ['not-found', 'request-expired'].includes(fromUnknown(thrown).code);
}
