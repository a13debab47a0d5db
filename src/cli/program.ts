import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { fromUnknown } from '../errors.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addRun } from './run.ts';
import { styleFor } from './style.ts';
import { printable } from './text.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Our faults that are the caller's: they get the exit code of a wrong use. */
const USAGE_CODES: ReadonlySet<string> = new Set(['invalid-config', 'invalid-input']);

/** What a command leaves for the process to exit with. */
export interface Exit {
  code: number;
}

/** Runs the command line and gives its exit code: 0 done, 1 failed, 2 used wrongly, 130 cancelled. */
export async function main(argv: readonly string[]): Promise<number> {
  const exit: Exit = { code: 0 };
  const program = createProgram(exit);
  try {
    await program.parseAsync([...argv]);
    return exit.code;
  } catch (thrown) {
    // Commander has said already what is wrong, or shown what was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return tellError(thrown);
  }
}

function createProgram(exit: Exit): Command {
  const program = new Command('optio-codex')
    .description('Run OpenAI Codex as managed tasks: sandboxed, watched, and answered.')
    .version(version, '-V, --version')
    .usage('<command> [options]')
    .showHelpAfterError('(--help tells what there is)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', HELP);
  addRun(program, exit);
  addDemo(program, exit);
  addDoctor(program, exit);
  return program;
}

function tellError(thrown: unknown): number {
  const error = fromUnknown(thrown);
  const style = styleFor(process.stderr);
  process.stderr.write(`${style.bad('error:')} ${printable(error.message)}\n`);
  if (error.remedy) process.stderr.write(`  ${printable(error.remedy)}\n`);
  process.stderr.write(style.quiet(`  (${error.code})\n`));
  if (error.code === 'internal') process.stderr.write(`${printable(error.stack ?? '')}\n`);
  return USAGE_CODES.has(error.code) ? 2 : 1;
}

const HELP = `
Examples:
  optio-codex demo                              a whole session, without an account
  optio-codex run "Explain this repository"     in the current directory
  optio-codex run --worktree "Mend the tests"   on a branch of its own
  optio-codex doctor                            does everything work on this machine?

Logins, the first one found: --provider, OPENAI_API_KEY, the ChatGPT login in ~/.codex (lent, never copied).
Exit codes: 0 done, 1 failed, 2 used wrongly, 130 cancelled.`;
