import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunContext } from '../../src/task/context.ts';
import type { Task } from '../../src/task/task.ts';
import { done, taskOf, told } from './engine.ts';

/** A run that does what a test says, until that ends it or it is told to stop. */
export interface Puppet {
  readonly context: RunContext;
  end(outcome?: RunOutcome): void;
}

/** A task whose runs are puppets, by their ids. */
export function puppets(
  id = 'puppet',
  more: Partial<Task> = {},
): { readonly task: Task; readonly runs: Map<string, Puppet> } {
  const runs = new Map<string, Puppet>();
  const execute = async (context: RunContext): Promise<RunOutcome> => {
    const ended = Promise.withResolvers<RunOutcome>();
    runs.set(context.runId, { context, end: (outcome = done()) => ended.resolve(outcome) });
    const cancelled = told(context.signal).then((): RunOutcome => ({ ...done(), status: 'cancelled' }));
    return Promise.race([ended.promise, cancelled]).finally(() => runs.delete(context.runId));
  };
  return { task: taskOf(execute, { id, name: `Task ${id}`, ...more }), runs };
}
