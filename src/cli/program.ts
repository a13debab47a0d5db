import { Command, CommanderError } from 'commander';
import { fromUnknown } from '../errors.ts';
import { VERSION } from '../version.ts';
import { addAttach } from './attach.ts';
import { COMMAND } from './command.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { tellError } from './error-view.ts';
import { exitCodeOfError } from './exit-code.ts';
import { Outlet } from './outlet.ts';
import { addRun } from './run.ts';
import { addServe } from './serve.ts';
import { addStop } from './stop.ts';
import { printable } from './text.ts';

/** What a command is given, and what it leaves for the process to exit with. */
export interface Invocation {
  /** Standard output. */
  readonly output: Outlet;
  /** Standard error, for what went wrong. */
  readonly complaints: Outlet;
  exitCode: number;
}

/** Runs the command line and gives its exit code: 0 done, 1 failed, 2 used wrongly or not logged in, 130 cancelled. */
export async function main(argv: readonly string[]): Promise<number> {
  const complaints = new Outlet(process.stderr);
  const invocation: Invocation = { output: new Outlet(process.stdout), complaints, exitCode: 0 };
  try {
    await createProgram(invocation).parseAsync([...argv]);
    return invocation.exitCode;
  } catch (thrown) {
    // Commander has said already what is wrong, or shown what was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const error = fromUnknown(thrown);
    const { code, message, stack, details } = error;
    tellError({ ...details, code, message }, complaints);
    if (code === 'internal') complaints.write(`${printable(stack ?? '')}\n`);
    return exitCodeOfError(code);
  }
}

function createProgram(invocation: Invocation): Command {
  const program = new Command(COMMAND)
    .description('Run OpenAI Codex as managed tasks: sandboxed, watched, and answered.')
    .version(VERSION, '-V, --version')
    .usage('<command> [options]')
    .showHelpAfterError('Run with --help to see the options.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => invocation.output.write(text),
      writeErr: (text) => invocation.complaints.write(printable(text)),
    })
    .addHelpText('after', HELP);
  addRun(program, invocation);
  addAttach(program, invocation);
  addDemo(program, invocation);
  addServe(program, invocation);
  addStop(program, invocation);
  addDoctor(program, invocation);
  return program;
}

const HELP = `
Examples:
  ${COMMAND} demo                              a whole session, without an account
  ${COMMAND} run "Explain this repository"     in the current directory
  ${COMMAND} run --worktree "Fix the tests"    on a branch of its own
  ${COMMAND} attach                            talk with a run that goes on
  ${COMMAND} doctor                            does everything work on this machine?

Logins, the first one found: --provider, OPENAI_API_KEY, the ChatGPT login in ~/.codex (borrowed, never copied).
Exit codes: 0 done, 1 failed, 2 used wrongly or not logged in, 130 cancelled.
Whoever leaves a run that goes on: 0 by a key at a terminal, otherwise 128 + the number of the signal.`;
