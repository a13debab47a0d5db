import type { ApprovalRule, RequestPolicy } from '../contract/rule.ts';
import { type TaskDefinition, taskDefinitionSchema } from '../contract/task-definition.ts';
import { OptioError } from '../errors.ts';
import { checkTask } from '../task/check.ts';
import type { Task } from '../task/task.ts';
import { checkPlace } from './check-place.ts';
import { type CodexTaskConfig, checkConfig } from './config.ts';
import { killSession } from './leftovers.ts';
import { checkFilled } from './params.ts';
import { runCodexSession } from './session.ts';

/** How long a session may take to stop and to settle its workspace, in milliseconds. */
const STOP_MS = 240_000;

export interface CodexTaskOptions
  extends Pick<Task, 'params' | 'schedule' | 'ttlMs' | 'retry' | 'budget' | 'maxRunning'> {
  /** Chosen by its author; names the task for ever. */
  readonly id: string;
  readonly name: string;
  readonly config: CodexTaskConfig;
  readonly description?: string;
  /** Tags to find it by. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** They answer requests in the place of a person; the first that matches decides. Nothing of them is read from the workspace. */
  readonly rules?: readonly ApprovalRule[];
  /** What becomes of a request that no rule answers. */
  readonly requests?: RequestPolicy;
  /** Told of each of them that no rule answers, in a process that has defined the task. */
  readonly onRequest?: NonNullable<Task['onRequest']>;
}

/** Makes a task of a configuration. Throws `invalid-config` at once, and not when it is run for the first time. */
export function createCodexTask(options: CodexTaskOptions): Task {
  const { config, ...rest } = options;
  checkConfig(config);
  checkTask(options);
  const { onRequest: _, ...definition } = options;
  return {
    ...rest,
    definition,
    canRecover: true,
    keepsForNextAttempt: true,
    tellsBegin: true,
    graceMs: STOP_MS,
    checkParams: (params) => checkFilled(config.instructions, params),
    checkPlace: (host) => checkPlace(host, config),
    execute: (context) => runCodexSession(context, config),
    letGo: killSession,
  };
}

/** Makes a task of plain data, wherever that came from. Throws `invalid-config`. */
export function createDefinedTask(definition: TaskDefinition): Task {
  const issue = taskDefinitionSchema.safeParse(definition).error?.issues[0];
  if (!issue) return createCodexTask({ ...definition, name: definition.name ?? definition.id } as CodexTaskOptions);
  const field = issue.path.join('.') || 'task';
  throw new OptioError('invalid-config', `${field}: ${issue.message}`, {
    field,
    remedy: 'Correct it as the message says; the task is as it was.',
  });
}
