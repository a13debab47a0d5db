import { applyToDigest, createDigest, type DigestSoFar } from '../contract/digest.ts';
import type { RunEvent } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { applyEvent } from '../contract/reducer.ts';
import { soFar } from '../contract/so-far.ts';
import { createRunView, type RunView } from '../contract/view.ts';
import type { CancelOrder } from '../store/store.ts';
import { toOutcome } from '../task/result.ts';

/** What one sees of a run after these events, from the first one on. */
export async function viewOf(events: AsyncIterable<RunEvent>): Promise<RunView> {
  const view = createRunView();
  for await (const event of events) applyEvent(view, event);
  return view;
}

export interface History {
  readonly view: RunView;
  readonly digest: DigestSoFar;
  /** The messages that were sent, or taken back out of the queue, as they came. */
  readonly leftQueue: readonly string[];
}

/** The same, what a list tells of it, and what waits no more. */
export async function readHistory(events: AsyncIterable<RunEvent>): Promise<History> {
  const [view, digest, leftQueue] = [createRunView(), createDigest(), [] as string[]];
  for await (const event of events) {
    applyEvent(view, event);
    applyToDigest(digest, event);
    if (event.type === 'message.dequeued' || event.type === 'message.sent') leftQueue.push(event.messageId);
  }
  return { view, digest, leftQueue };
}

/** The outcome of a run that did not stop in its time: with what its journal says of it, and where its work is. */
export function letGoOutcome(view: RunView, taskId: string): RunOutcome {
  const message = notStopped(taskId);
  const workspace = view.session?.workspace.path;
  const remedy =
    workspace === undefined ? {} : { remedy: `Look into ${workspace}: what it has done by then is there.` };
  return { ...soFar(view), status: 'failed', error: { code: 'aborted', message, ...remedy }, durationMs: 0 };
}

/** The outcome of one whose process has died. If that was told to stop, it has stopped by that. */
export function interruptedOutcome({
  taskId,
  order,
}: {
  readonly taskId: string;
  readonly order: CancelOrder | undefined;
}): RunOutcome {
  if (order) return toOutcome({ status: 'cancelled', error: { code: 'aborted', message: order.reason } });
  const message = `the process that ran the task ${taskId} died, and the task cannot be executed once more`;
  const remedy = 'Launch it again; a task with canRecover goes on from its checkpoint by itself.';
  return toOutcome({ status: 'failed', error: { code: 'interrupted', message, remedy } });
}

export function notStopped(taskId: string): string {
  return `a run of the task ${taskId} did not stop in the time it had, and was let go`;
}
