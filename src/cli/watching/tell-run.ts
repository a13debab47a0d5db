import type { Answer } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';

/** Gives the order to stop. A run that has ended meanwhile needs to hear nothing. */
export function cancelRun(handle: RunHandle, reason: string): void {
  handle.cancel(reason).catch(() => {});
}

/** Answers a request unless somebody else was faster, or its turn has ended; the journal tells what held. */
export function answerIfOpen(handle: RunHandle, requestId: string, answer: Answer, by: string): void {
  handle.answer(requestId, answer, { by }).catch(() => {});
}
