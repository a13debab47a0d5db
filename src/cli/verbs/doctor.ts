import type { Command } from 'commander';
import type { Check } from '../../contract/doctor.ts';
import { checkMachineLazily } from '../backend.ts';
import { COMMAND } from '../command.ts';
import { CANCELLED } from '../exit-code.ts';
import type { Invocation } from '../program.ts';
import { CtrlC } from '../terminal/ctrl-c.ts';
import { Screen } from '../terminal/screen.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { jsonLine, printable } from '../terminal/text.ts';

/** How wide the names of the checks are, where there is room beside them. */
const NAMES = 22;
const MIN_WIDTH = 60;

/** `doctor`: what works on this machine, and what to do about the rest. */
export function addDoctor(program: Command, invocation: Invocation): void {
  program
    .command('doctor')
    .description('Check this machine: node, codex, git, the sandbox, the login')
    .option('--json', 'print the checks as JSON lines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { output } = invocation;
      const style = styleFor({ isTTY: output.isTerminal });
      const isTerminal = output.isTerminal && process.env.TERM !== 'dumb' && !json;
      const screen = new Screen({ output, style, isTerminal });
      const stopped = new AbortController();
      const stop = () => stopped.abort();
      const ctrlC = new CtrlC({ onFirst: stop, onSecond: stop });
      output.closed.addEventListener('abort', stop);
      screen.spin('checking');
      let failures = 0;
      for await (const check of checkMachineLazily(stopped.signal)) {
        if (stopped.signal.aborted) break;
        if (json) output.write(jsonLine(check));
        else showCheck(check, screen, style);
        if (check.status === 'failed') failures++;
      }
      ctrlC.release();
      screen.rest();
      if (!json && !stopped.signal.aborted) screen.line(verdict(failures, style));
      invocation.exitCode = stopped.signal.aborted ? CANCELLED : failures > 0 ? 1 : 0;
    });
}

function showCheck(check: Check, screen: Screen, style: Style): void {
  const mark = { ok: style.good('✓'), warning: style.warn('!'), failed: style.bad('✗') }[check.status];
  const isWide = screen.width >= MIN_WIDTH;
  const indent = ' '.repeat(isWide ? NAMES + 3 : 2);
  const first = `${mark} ${style.strong(isWide ? check.name.padEnd(NAMES) : check.name)}`;
  if (isWide) screen.block(printable(check.detail), { indent, first: `${first} ` });
  else {
    screen.line(first);
    screen.block(printable(check.detail), { indent });
  }
  if (check.remedy) screen.block(`→ ${printable(check.remedy)}`, { indent, look: style.quiet });
}

function verdict(failures: number, style: Style): string {
  if (failures === 0) return `\n${style.good('Nothing is broken here.')} Try: ${COMMAND} demo`;
  return `\n${style.bad(`${failures} ${failures === 1 ? 'check' : 'checks'} failed.`)} Correct that first: a run that needs it will not work.`;
}
