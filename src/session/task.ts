import type { ApprovalRule, RequestPolicy } from '../contract/rule.ts';
import { type TaskDefinition, taskDefinitionSchema } from '../contract/task-definition.ts';
import { OptioError, SeedUnavailableError } from '../errors.ts';
import { checkTask } from '../task/check.ts';
import type { Task } from '../task/task.ts';
import { checkPlace } from './check-place.ts';
import { type CodexTaskConfig, checkConfig, type SeedProvider, specOf } from './config.ts';
import { killSession } from './leftovers.ts';
import { checkParams } from './params.ts';
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
  /** What chose its login was a function of a process that is gone: it gets none before it is defined anew. */
  readonly lacksProvider?: boolean;
}

/** Makes a task of a configuration. Throws `invalid-config` at once, and not when it is run for the first time. */
export function createCodexTask(options: CodexTaskOptions): Task {
  const { config: said, lacksProvider = false, ...rest } = options;
  const config = lacksProvider ? { ...said, seedId: unknownProvider(options.id) } : said;
  checkConfig(config);
  checkTask(options);
  const { onRequest: _, ...definition } = rest;
  return {
    ...rest,
    definition: {
      ...definition,
      config: specOf(config),
      ...(typeof config.seedId === 'function' && { lacksProvider: true }),
    },
    canRecover: true,
    keepsForNextAttempt: true,
    tellsBegin: true,
    graceMs: STOP_MS,
    checkParams: (given) => checkParams({ instructions: config.instructions, params: options.params }, given),
    checkPlace: (host) => checkPlace(host, specOf(config)),
    execute: (context) => runCodexSession(context, config),
    letGo: killSession,
  };
}

/** A function cannot be written down, and another login than the one it would have chosen is not what was meant. */
function unknownProvider(taskId: string): SeedProvider {
  return () => {
    throw new SeedUnavailableError(`what chooses the login of the task ${taskId} is not known in this process`, null, {
      remedy: 'Define the task again here, with its function.',
    });
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
