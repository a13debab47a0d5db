import type { RunHandle } from '../contract/api.ts';
import type { Answer } from '../contract/request.ts';

/** Answers a request unless somebody else was faster, or its turn has ended; the journal tells what held. */
export function answerIfOpen(handle: RunHandle, requestId: string, answer: Answer): void {
  try {
    handle.answer(requestId, answer);
  } catch {
    // It is not open any more.
  }
}
