import type { RunEvent } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { applyEvent } from '../contract/reducer.ts';
import { soFar } from '../contract/so-far.ts';
import { createRunView, type RunView } from '../contract/view.ts';

/** What one sees of a run after these events, from the first one on. */
export async function viewOf(events: AsyncIterable<RunEvent>): Promise<RunView> {
  const view = createRunView();
  for await (const event of events) applyEvent(view, event);
  return view;
}

/** The outcome of a run that did not stop in its time: with what its journal says of it, and where its work is. */
export function letGoOutcome(view: RunView, taskId: string): RunOutcome {
  const message = notStopped(taskId);
  const workspace = view.session?.workspace.path;
  const remedy =
    workspace === undefined ? {} : { remedy: `Look into ${workspace}: what it has done by then is there.` };
  return { ...soFar(view), status: 'failed', error: { code: 'aborted', message, ...remedy }, durationMs: 0 };
}

export function notStopped(taskId: string): string {
  return `a run of the task ${taskId} did not stop in the time it had, and was let go`;
}
