import type { Command } from 'commander';
import type { RunOutcome } from '../../contract/outcome.ts';
import { COMMAND } from '../command.ts';
import { exitCodeOfRun, TIMED_OUT } from '../exit-code.ts';
import { readWait } from '../flags/flag-values.ts';
import { namedRunToRead } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { duration, oneLine, printableName } from '../terminal/text.ts';
import { type CommonFlags, onApi, RUN_HELP } from '../verb.ts';

interface WaitFlags extends CommonFlags {
  readonly timeout?: number;
}

/** `wait`: until runs have ended. */
export function addWait(program: Command, invocation: Invocation): void {
  program
    .command('wait')
    .description('Wait until runs have ended; the exit code is theirs')
    .argument('<run...>', RUN_HELP)
    .option('--timeout <duration>', 'for so long at most: 90s, 10m, 2h', readWait)
    .option('--json', 'print each outcome as a line of JSON')
    .action((names: string[], flags: WaitFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const runs = await Promise.all(names.map((name) => namedRunToRead(api, name)));
        const ends = runs.map(async (run, at) => {
          const outcome = await run.outcome;
          // Whoever waits for several knows them by what they were called.
          const called = [run.id, printableName(names[at] ?? '')].filter(
            (name, place) => place === 0 || name !== run.id,
          );
          report.say({ id: run.id, outcome }, () => [[...called, describeEnd(outcome)].join('  ')]);
          return exitCodeOfRun(outcome);
        });
        const codes = await within(Promise.all(ends), flags.timeout);
        if (codes) return Math.max(...codes);
        if (!report.isJson)
          invocation.complaints.write(
            `${runs.length === 1 ? 'It has' : 'They have'} not ended within ${duration(flags.timeout ?? 0)}.\n`,
          );
        return TIMED_OUT;
      }),
    )
    .addHelpText('after', HELP);
}

/** What a promise resolves with, unless that takes longer than so many milliseconds. */
async function within<T>(promise: Promise<T>, ms: number | undefined): Promise<T | undefined> {
  if (ms === undefined) return promise;
  promise.catch(() => {}); // nobody waits for it once the time is up
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function describeEnd({ status, durationMs, error }: RunOutcome): string {
  const why = error ? `  ${error.code}: ${oneLine(error.message, 200)}` : '';
  return `${status}  ${duration(durationMs)}${why}`;
}

const HELP = `
Examples:
  ${COMMAND} wait @last && git merge the-branch
  ${COMMAND} wait $(${COMMAND} ps -q --tag batch=7) --timeout 1h

Exit codes: 0 all are done, 1 one has failed, 2 one was used wrongly or not logged in, 130 one was cancelled
(the highest of several), ${TIMED_OUT} the time was up. The runs go on then.`;
