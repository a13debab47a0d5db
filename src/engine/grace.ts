import type { RunOutcome } from '../contract/outcome.ts';
import { toOutcome } from '../task/result.ts';
import type { Task } from '../task/task.ts';
import { leftOf, orderTo } from './cancellation.ts';
import { letGoOutcome, notStopped } from './history.ts';
import { endByForce } from './idle-runs.ts';
import type { LiveRun } from './live-run.ts';

/** Resolves when the time is over that it may take to stop, and what of it lived outside of this process is ended. */
export async function graceOf(task: Task, run: LiveRun, settled: AbortSignal): Promise<RunOutcome> {
  const order = run.stopping ?? orderTo(task, 'it is to stop', 'outside');
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, leftOf(order)).unref();
    settled.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  if (settled.aborted) return toOutcome({ status: 'cancelled' });
  await endByForce(task, run);
  run.emit({ type: 'notice', level: 'error', message: notStopped(task.id) });
  return letGoOutcome(await run.history(), task.id);
}

export function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
