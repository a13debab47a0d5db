import { type Command, InvalidArgumentError } from 'commander';
import { RUN_STATES, type RunState, runStateSchema } from '../../contract/outcome.ts';
import type { RunFilter } from '../../contract/run-query.ts';
import { UNENDED } from '../naming/only-run.ts';
import { collectPair } from './flag-values.ts';

/** The flags that say which runs are meant, as Commander gives them. */
export interface FilterFlags {
  readonly all?: boolean;
  readonly state?: RunState[];
  readonly task?: string;
  readonly tag?: Record<string, string>;
  readonly search?: string;
  readonly waiting?: boolean;
  readonly archived?: boolean;
}

export function addFilterFlags(command: Command): Command {
  return addNarrowingFlags(command.option('-a, --all', 'those that have ended too'));
}

/** The same for what is about all runs anyway. */
export function addNarrowingFlags(command: Command): Command {
  return command
    .option('--state <state>', `in this state (repeatable): ${RUN_STATES.join(', ')}`, collectState)
    .option('--task <task>', 'of this task')
    .option('--tag <name=value>', 'with this tag (repeatable: with all of them)', collectPair)
    .option('--search <text>', 'whose name or id holds this text')
    .option('--waiting', 'that wait for an answer')
    .option('--archived', 'those in the archive, which are left out otherwise');
}

/** Which runs the flags mean: those that have not ended, unless they say otherwise. */
export function toFilter({ all, state, task, tag, search, waiting, archived = false }: FilterFlags): RunFilter {
  const states = state ?? (all || archived ? undefined : [...UNENDED]); // whatever is in the archive has ended
  return {
    ...(states && { states }),
    ...(task !== undefined && { taskId: task }),
    ...(tag && { metadata: tag }),
    ...(search !== undefined && { search }),
    ...(waiting && { isWaiting: true }),
    ...(archived && { isArchived: true }),
  };
}

/** Whether the flags say which runs, so that finding none says nothing about there being any. */
export function isNarrow({ state, task, tag, search, waiting, archived }: FilterFlags): boolean {
  return [state, task, tag, search, waiting, archived].some((flag) => flag !== undefined);
}

function collectState(value: string, earlier: readonly RunState[] = []): RunState[] {
  const words = value.split(',').map((word) => word.trim());
  const states = words.map((word) => {
    const { success, data } = runStateSchema.safeParse(word);
    if (success) return data;
    throw new InvalidArgumentError(`Choose one of ${RUN_STATES.join(', ')}.`);
  });
  return [...earlier, ...states];
}
