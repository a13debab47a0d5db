import type { Command } from 'commander';
import { COMMAND } from '../command.ts';
import { forEachRun } from '../naming/each-run.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

/** `archive`: runs that nobody wants to see any more. */
export function addArchive(program: Command, invocation: Invocation): void {
  program
    .command('archive')
    .description('Put runs that have ended out of sight, with all that they have begun')
    .argument('<run...>', RUN_HELP)
    .option(...JSON_FLAG)
    .action((names: string[], flags: CommonFlags) =>
      onApi(invocation, flags, (api, report) => {
        const archive = async (name: string) => {
          const run = await namedRun(api, name);
          await run.archive();
          return run.id;
        };
        const told = (id: string) => `${id} is in the archive.`;
        return forEachRun(names, archive, { report, complaints: invocation.complaints, told });
      }),
    )
    .addHelpText('after', HELP);
}

/** `unarchive`: the same, taken back. */
export function addUnarchive(program: Command, invocation: Invocation): void {
  program
    .command('unarchive')
    .description('Bring runs back from the archive')
    .argument('<run...>', RUN_HELP)
    .option(...JSON_FLAG)
    .action((names: string[], flags: CommonFlags) =>
      onApi(invocation, flags, (api, report) => {
        const unarchive = async (name: string) => {
          const run = await namedRun(api, name);
          await run.unarchive();
          return run.id;
        };
        const told = (id: string) => `${id} is out of the archive.`;
        return forEachRun(names, unarchive, { report, complaints: invocation.complaints, told });
      }),
    );
}

const HELP = `
Examples:
  ${COMMAND} archive @last
  ${COMMAND} archive $(${COMMAND} ps -q --state done)
  ${COMMAND} ps --archived                   what is there
  ${COMMAND} unarchive run-01a21534`;
