import { onTestFinished } from 'vitest';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { Engine, type EngineOptions } from '../../src/engine/engine.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import type { Task } from '../../src/task/task.ts';
import { dataDirectory } from './data-directory.ts';

export interface OpenEngine {
  readonly engine: Engine;
  readonly store: Store;
  readonly directory: string;
  /** Ends it as the death of the process would: nothing is cancelled, and nothing more is written. */
  die(): Promise<void>;
}

/** An engine over a store of its own, or over the one that another has left. */
export async function openEngine(
  options: Partial<EngineOptions> & { readonly directory?: string } = {},
): Promise<OpenEngine> {
  const { directory = await dataDirectory(), ...rest } = options;
  const store = await openSqliteStore(directory);
  const directories = { data: directory, workspaces: `${directory}/workspaces` };
  const engine = await Engine.open({ store, host: new LocalHost(), directories, env: {}, trace: undefined, ...rest });
  let isOpen = true;
  const die = async () => {
    isOpen = false;
    await store.close();
  };
  onTestFinished(async () => {
    if (!isOpen) return;
    await engine.close();
    await store.close();
  });
  return { engine, store, directory, die };
}

export function done(text = ''): RunOutcome {
  return { status: 'done', text, durationMs: 1, usage: NO_USAGE, turns: 0 };
}

/** A task of one's own, made of a function. */
export function taskOf(execute: Task['execute'], more: Partial<Task> = {}): Task {
  return { id: 'task', name: 'Task', execute, ...more };
}

/** Resolves when the run is told to stop. */
export function told(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
