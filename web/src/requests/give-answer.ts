import type { Answer, Request } from '../../../src/contract/request.ts';
import { fromUnknown } from '../../../src/errors.ts';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import { once } from './answer-keys.ts';

/** Answers a request, once. That somebody else was first is told beside the page, since the card is about to go. */
export function giveAnswer(runId: string, request: Request, said: Answer): Promise<void> {
  return once(request, async () => {
    try {
      await api.runOf(runId).answer(request.id, said);
    } catch (thrown) {
      // Another answer holds, and the card is about to say so, and to go: it is no place for this any more.
      if (fromUnknown(thrown).code !== 'not-found') throw thrown;
      toasts.failed('Your answer came too late', thrown);
    }
  });
}
