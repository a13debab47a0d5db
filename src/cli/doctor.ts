import type { Command } from 'commander';
import { connect } from '../compose.ts';
import type { Check } from '../contract/doctor.ts';
import type { Exit } from './program.ts';
import { Screen } from './screen.ts';
import { type Style, styleFor } from './style.ts';
import { printable } from './text.ts';

/** `doctor`: what works on this machine, and what to do about the rest. */
export function addDoctor(program: Command, exit: Exit): void {
  program
    .command('doctor')
    .description('Check this machine: node, codex, git, the sandbox, the login')
    .option('--json', 'print the checks as JSON lines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const style = styleFor(process.stdout);
      const screen = new Screen({
        output: process.stdout,
        isTerminal: process.stdout.isTTY === true && process.env.TERM !== 'dumb' && !json,
      });
      await using api = await connect();
      screen.spin('checking');
      for await (const check of api.doctor()) {
        if (json) process.stdout.write(`${JSON.stringify(check)}\n`);
        else showCheck(check, screen, style);
        if (check.status === 'failed') exit.code = 1;
      }
      screen.rest();
    });
}

function showCheck(check: Check, screen: Screen, style: Style): void {
  const mark = { ok: style.good('✓'), warning: style.warn('!'), failed: style.bad('✗') }[check.status];
  screen.line(`${mark} ${style.strong(check.name.padEnd(24))} ${printable(check.detail)}`);
  if (check.remedy) screen.line(`  ${' '.repeat(24)} ${style.quiet('→')} ${printable(check.remedy)}`);
}
