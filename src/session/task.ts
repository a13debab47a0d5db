import type { Task } from '../task/task.ts';
import { type CodexTaskConfig, checkConfig } from './config.ts';
import { runCodexSession } from './session.ts';

/** How long a session may take to stop and to settle its workspace, in milliseconds. */
const STOP_MS = 240_000;

export interface CodexTaskOptions {
  /** Chosen by its author; names the task for ever. */
  readonly id: string;
  readonly name: string;
  readonly config: CodexTaskConfig;
  readonly description?: string;
  /** Tags to find it by. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Makes a task of a configuration. Throws `invalid-config` at once, and not when it is run for the first time. */
export function createCodexTask(options: CodexTaskOptions): Task {
  const { config, ...definition } = options;
  checkConfig(config);
  return {
    ...definition,
    definition: options,
    canRecover: true,
    tellsBegin: true,
    graceMs: STOP_MS,
    execute: (context) => runCodexSession(context, config),
  };
}
