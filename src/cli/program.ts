import { Command, CommanderError } from 'commander';
import type { Settings } from '../config/settings.ts';
import { readConfig } from '../config.ts';
import { fromUnknown } from '../errors.ts';
import { VERSION } from '../version.ts';
import { connectLazily } from './backend.ts';
import { COMMAND } from './command.ts';
import { recordOf, tellError } from './error-view.ts';
import { exitCodeOfError } from './exit-code.ts';
import type { Input } from './input.ts';
import { Outlet } from './outlet.ts';
import { printable } from './terminal/text.ts';
import { addVerbs } from './verbs.ts';

/** What a command is given by whatever it runs in. */
export interface Surroundings {
  /** Standard output. */
  readonly output: Outlet;
  /** Standard error, for what went wrong. */
  readonly complaints: Outlet;
  readonly input: Input;
  readonly connect: typeof connectLazily;
  /** What the configuration says; throws `invalid-config`. */
  readonly settings: () => Settings;
  /** What time it is, in milliseconds. */
  readonly now: () => number;
}

/** What a command is given, and what it leaves for the process to exit with. */
export interface Invocation extends Surroundings {
  exitCode: number;
}

/** Runs the command line and gives its exit code: 0 done, 1 failed, 2 used wrongly or not logged in, 130 cancelled. */
export async function main(argv: readonly string[], surroundings: Partial<Surroundings> = {}): Promise<number> {
  const invocation: Invocation = {
    output: surroundings.output ?? new Outlet(process.stdout),
    complaints: surroundings.complaints ?? new Outlet(process.stderr),
    input: surroundings.input ?? process.stdin,
    connect: surroundings.connect ?? connectLazily,
    settings: surroundings.settings ?? (() => readConfig().settings),
    now: surroundings.now ?? Date.now,
    exitCode: 0,
  };
  const { complaints } = invocation;
  const isJson = wantsJson(argv);
  try {
    await createProgram(invocation, { isJson }).parseAsync([...argv]);
    return invocation.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return 0;
      // To a person Commander has said already what is wrong.
      if (isJson) tellError(recordOfUsage(thrown), complaints, { isJson });
      return 2;
    }
    const error = fromUnknown(thrown);
    tellError(recordOf(error), complaints, { isJson });
    if (error.code === 'internal' && !isJson) complaints.write(`${printable(error.stack ?? '')}\n`);
    return exitCodeOfError(error.code);
  }
}

/** Said before anything is read of the command line, since that may be what fails. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? undefined : end).includes('--json');
}

function recordOfUsage({ message }: CommanderError) {
  const remedy = `See ${COMMAND} --help, and ${COMMAND} COMMAND --help.`;
  return { code: 'invalid-input' as const, message: withoutValue(message).replace(/^error: /, ''), remedy };
}

/** What Commander says of an option that it does not know, without what was given to it: that may be a key. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '(?:--[^=']*=|-[^-'])).+'/s, "$1…'");
}

function createProgram(invocation: Invocation, { isJson }: { readonly isJson: boolean }): Command {
  const program = new Command(COMMAND)
    .description('Run OpenAI Codex as managed tasks: sandboxed, watched, and answered.')
    .version(VERSION, '-V, --version')
    .usage('<command> [options]')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => invocation.output.write(text),
      writeErr: (text) => {
        if (!isJson) invocation.complaints.write(printable(withoutValue(text)));
      },
    })
    .showHelpAfterError('Run with --help to see the options.')
    .addHelpText('after', HELP);
  addVerbs(program, invocation);
  return program;
}

const HELP = `
Examples:
  ${COMMAND} demo                              a whole session, without an account
  ${COMMAND} run "Explain this repository"     in the current directory
  ${COMMAND} run -d --worktree "Fix the tests" on a branch of its own; prints the id of the run
  ${COMMAND} ps                                what is under way
  ${COMMAND} attach @last                      talk with the newest run
  ${COMMAND} requests                          what waits for you; approve, deny or answer it
  ${COMMAND} launch nightly --param day=mon    a run of a task
  ${COMMAND} doctor                            does everything work on this machine?

A RUN is an id, the beginning of one, a name, or @last. All commands take --json: they then print JSON and nothing else,
and errors as {"error": {"code", "message", "remedy"}} on standard error.

Logins, the first one found: --provider, OPENAI_API_KEY, the ChatGPT login in ~/.codex (borrowed, never copied).
Exit codes: 0 done, 1 failed, 2 used wrongly or not logged in, 130 cancelled. run, attach, launch and retry, wait
and logs -f give that of the run. Whoever leaves a run that goes on: 0 by a key at a terminal, otherwise 128 + the
number of the signal.`;
