import { LaunchRefused, OptioError } from '../errors.ts';
import type { LaunchKey, RunRecord } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Launcher } from './launcher.ts';
import { newRunId } from './run-id.ts';
import { isEnded } from './states.ts';

export interface OnceMoreOptions {
  readonly dispatcher: Dispatcher;
  readonly launcher: Launcher;
  /** Why a run cannot be launched once more; null when it can. */
  readonly problemOfRetry?: ((run: RunRecord) => string | null) | undefined;
}

/**
 * Launches a run that has ended once more, as a new one: its task as it was then, with what it was given. One that another run
 * has begun is repeated by itself. Throws `run-busy`, and what a launch throws.
 */
export async function launchOnceMore(
  { dispatcher, launcher, problemOfRetry }: OnceMoreOptions,
  run: RunRecord,
  launchKey: LaunchKey | undefined,
): Promise<RunRecord> {
  const { id, state, taskId, host, definition, params, metadata, budget, priority, name, ttlMs } = run;
  if (!isEnded(state)) {
    throw new OptioError('run-busy', `the run ${id} has not ended: it is "${state}"`, {
      remedy: 'Cancel it, or wait for its outcome.',
    });
  }
  const problem = problemOfRetry?.(run) ?? null;
  if (problem !== null) {
    throw new LaunchRefused('not-launchable', `the run ${id} cannot be launched once more: ${problem}`, {
      remedy: 'Begin a new one.',
    });
  }
  launcher.checkTask(taskId);
  const task = taskAsItWas(dispatcher, run);
  const again = {
    ...{ id: newRunId(), taskId, host, definition, params, metadata, budget, priority, name, ttlMs },
    retryOf: id,
    launchKey,
  };
  return launcher.launch(again, definition === null ? undefined : task);
}

/** A task of a program is what that has defined by now: nothing else is left of it. */
function taskAsItWas({ tasks }: Dispatcher, run: RunRecord): Task {
  const task = run.definition === null ? tasks.get(run.taskId) : tasks.ofRun(run);
  if (task) return task;
  throw new LaunchRefused('not-found', `the task "${run.taskId}" of the run ${run.id} is not known here`, {
    remedy: 'Only the program that defines it can launch it once more.',
  });
}
