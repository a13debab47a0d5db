import type { RunContext } from '../../src/task/context.ts';
import type { Task } from '../../src/task/task.ts';
import { done, taskOf, told } from './engine.ts';

/** A task that is over at once. */
export function quick(id: string, text = id): Task {
  return taskOf(async () => done(text), { id, name: id });
}

/** A task that fails at once. */
export function failing(id: string, why = `${id} went wrong`): Task {
  const execute = async () => {
    throw new Error(why);
  };
  return taskOf(execute, { id, name: id });
}

/** A task that goes on until it is told to stop. */
export function patient(id: string, more: Partial<Task> = {}): Task & { readonly began: Promise<RunContext> } {
  const { promise: began, resolve } = Promise.withResolvers<RunContext>();
  const execute = async (context: RunContext) => {
    resolve(context);
    await told(context.signal);
    return { ...done(), status: 'cancelled' as const };
  };
  return { ...taskOf(execute, { id, name: id, ...more }), began };
}

/** A task that does not hear. */
export function stuck(id: string, more: Partial<Task> = {}): Task & { readonly began: Promise<RunContext> } {
  const { promise: began, resolve } = Promise.withResolvers<RunContext>();
  const execute = (context: RunContext) => {
    resolve(context);
    return new Promise<never>(() => {});
  };
  return { ...taskOf(execute, { id, name: id, ...more }), began };
}
