import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LaunchOptions, RunOptions } from '../../contract/api.ts';
import type { Budget } from '../../contract/budget.ts';
import { collectPair, readCount, readMinutes } from './flag-values.ts';

/** The flags of whatever launches a run, as Commander gives them. */
export interface LaunchFlags extends BudgetFlags {
  readonly name?: string;
  readonly tag?: Record<string, string>;
  readonly key?: string;
  readonly priority?: number;
}

export interface BudgetFlags {
  readonly turns?: number;
  readonly tokens?: number;
  readonly minutes?: number;
  readonly onReached?: NonNullable<Budget['onReached']>;
}

/** The flag of whatever begins a run and then shows it. */
export interface FollowFlags {
  /** Leave it to itself: its id alone is printed. */
  readonly detach?: boolean;
}

export const DETACH_FLAG = ['-d, --detach', 'leave it to itself, and print its id'] as const;

/** Declares the flags that say what a run is called, and how much it may use. */
export function addLaunchFlags(command: Command): Command {
  command
    .optionsGroup('What it is called:')
    .option('--name <name>', 'what to call it; it can be found by that')
    .option('--tag <name=value>', 'a tag to find it by (repeatable)', collectPair)
    .option('--key <key>', 'launch it once, however often this is called with the same key')
    .optionsGroup('How much it may use:');
  return addBudgetFlags(command).option('--priority <number>', 'higher ones begin first (0)', readPriority);
}

export function addBudgetFlags(command: Command): Command {
  return command
    .option('--turns <number>', 'how many turns it may take', readCount)
    .option('--tokens <number>', 'how many tokens it may use, input and output together', readCount)
    .option('--minutes <number>', 'for how long it may be under way', readMinutes)
    .addOption(new Option('--on-reached <what>', 'what happens then (pause)').choices(['pause', 'fail']));
}

/** The options of a launch that the flags say. */
export function toLaunchOptions(flags: LaunchFlags): LaunchOptions {
  const budget = toBudget(flags);
  return {
    ...(flags.name !== undefined && { name: flags.name }),
    ...(flags.tag && { metadata: flags.tag }),
    ...(flags.key !== undefined && { idempotencyKey: flags.key }),
    ...(flags.priority !== undefined && { priority: flags.priority }),
    ...(budget && { budget }),
  };
}

/** The budget that the flags say; undefined when they say none. */
export function toBudget({ turns, tokens, minutes, onReached }: BudgetFlags): Budget | undefined {
  const budget: Budget = {
    ...(turns !== undefined && { turns }),
    ...(tokens !== undefined && { tokens }),
    ...(minutes !== undefined && { wallMs: minutes }),
    ...(onReached && { onReached }),
  };
  return Object.keys(budget).length > 0 ? budget : undefined;
}

/** More flags of `run`, which has no task that could say it. */
export interface RetryFlags {
  readonly attempts?: number;
}

export function toRunOptions(flags: LaunchFlags & RetryFlags): RunOptions {
  return { ...toLaunchOptions(flags), ...(flags.attempts !== undefined && { retry: { attempts: flags.attempts } }) };
}

function readPriority(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && Math.abs(number) < 2 ** 31) return number;
  throw new InvalidArgumentError('Give a whole number.');
}
