import type { Command } from 'commander';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { collectPair } from '../flags/flag-values.ts';
import {
  addLaunchFlags,
  DETACH_FLAG,
  type FollowFlags,
  type LaunchFlags,
  toLaunchOptions,
} from '../flags/launch-flags.ts';
import { withNamedTask } from '../naming/named-task.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi } from '../verb.ts';
import { followRun } from '../watching/follow.ts';

interface AllFlags extends CommonFlags, FollowFlags, LaunchFlags {
  readonly param?: Record<string, string>;
  readonly params?: string;
}

/** `launch`: a run of a task. */
export function addLaunch(program: Command, invocation: Invocation): void {
  const command = program
    .command('launch')
    .description('Launch a run of a task, and watch it')
    .argument('<task>')
    .option(...DETACH_FLAG)
    .option(
      '--param <name=value>',
      'what the run is given for {{name}}, besides the params of the task (repeatable)',
      collectPair,
    )
    .option('--params <json>', 'the same as JSON')
    .option(...JSON_FLAG);
  addLaunchFlags(command)
    .action((task: string, flags: AllFlags) => {
      const params = toParams(flags);
      return onApi(invocation, flags, async (api, report) => {
        const options = { ...toLaunchOptions(flags), ...(params !== undefined && { params }) };
        const run = await withNamedTask(api, () => api.launch(task, options));
        return followRun(run, invocation, report, flags);
      });
    })
    .addHelpText('after', HELP);
}

function toParams({ param, params }: AllFlags): unknown {
  if (params === undefined) return param;
  const whole = parse(params);
  if (!param) return whole;
  if (typeof whole === 'object' && whole !== null && !Array.isArray(whole)) return { ...whole, ...param };
  throw new OptioError('invalid-input', '--params is no object, so that --param has no place in it', {
    remedy: 'Leave out one of them.',
  });
}

function parse(params: string): unknown {
  try {
    return JSON.parse(params);
  } catch (cause) {
    throw new OptioError('invalid-input', `--params is not valid JSON: ${(cause as Error).message}`, {
      cause,
      remedy: 'Give JSON, such as {"name": "value"}, or --param name=value.',
    });
  }
}

const HELP = `
Examples:
  ${COMMAND} launch nightly
  ${COMMAND} launch -d nightly --param package=server --tag batch=7
  ${COMMAND} launch nightly --turns 20 --on-reached fail`;
