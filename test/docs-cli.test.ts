import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { readCommand } from '../src/cli/conversation/conversation-commands.ts';
import { exitCodeOfError, exitCodeOfRun, TIMED_OUT } from '../src/cli/exit-code.ts';
import type { Invocation } from '../src/cli/program.ts';
import { addVerbs } from '../src/cli/verbs.ts';
import { exitCodeOfDeparture } from '../src/cli/watching/ending.ts';
import { SETTINGS, type Setting } from '../src/config/settings.ts';
import { NO_USAGE } from '../src/contract/usage.ts';

const PAGE = readFileSync(join(import.meta.dirname, '..', 'docs', 'cli.md'), 'utf8');

/** Every command that one may see, by its words. */
const COMMANDS = new Map(commandsOf(new Command(), []));

/** What stands below the heading of a command. */
const SECTIONS = new Map(
  PAGE.split(/^### /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text.split(/^## /m)[0] ?? ''] as const),
);

const cellsOf = (row: string) => row.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => cellsOf(line).slice(1, -1));

describe('docs/cli.md', () => {
  it('has a section for each command, in the order of the help, and for no other', () => {
    const others = ['A server elsewhere'];
    expect([...SECTIONS.keys()].filter((heading) => !others.includes(heading))).toEqual([...COMMANDS.keys()]);
  });

  it.each([...COMMANDS])('tells how %s is called, and all of its flags', (name, command) => {
    const section = SECTIONS.get(name) ?? '';
    const [, usage = ''] = section.split('```');
    expect(usage.trim()).toBe(`optio-codex ${name} ${command.usage()}`);
    const flags = rowsOf(section).flatMap(([flag = '']) => (flag.startsWith('`-') ? [flag.slice(1, -1)] : []));
    const real = command.options.filter(({ hidden }) => !hidden).map((option) => option.flags);
    expect(flags).toEqual(real);
  });

  it('names every choice of a flag that has some', () => {
    for (const [name, command] of COMMANDS) {
      for (const { flags, argChoices = [] } of command.options) {
        const [, meaning = ''] = rowsOf(SECTIONS.get(name) ?? '').find(([flag]) => flag === `\`${flags}\``) ?? [];
        for (const choice of argChoices) expect(meaning, `${name} ${flags}`).toContain(`\`${choice}\``);
      }
    }
  });

  it('has the exit codes', () => {
    const [, table = ''] = PAGE.split('## Exit codes\n');
    const rows = new Map(rowsOf(table.split(/^## /m)[0] ?? '').map(([code = '', meaning = '']) => [code, meaning]));
    const outcome = { text: '', durationMs: 0, usage: NO_USAGE, turns: 0 };
    const failed = { code: 'login-missing', message: 'no' } as const;
    const codes = [
      exitCodeOfRun({ ...outcome, status: 'done' }),
      exitCodeOfError('internal'),
      exitCodeOfRun({ ...outcome, status: 'failed', error: failed }),
      TIMED_OUT,
      exitCodeOfRun({ ...outcome, status: 'cancelled' }),
    ];
    expect([...rows.keys()].slice(2)).toEqual([...codes.map(String), '128 + n']);
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGPIPE'] as const) {
      expect(rows.get('128 + n')).toMatch(new RegExp(`${exitCodeOfDeparture(signal)}: (${signal}|nobody reads)`));
    }
    expect(exitCodeOfDeparture('key')).toBe(0);
  });

  it('has the table of all settings', () => {
    const [, table = ''] = PAGE.split('| setting | variable | flag | unless said | meaning |\n');
    const rows = rowsOf(table).slice(1);
    const real = Object.entries<Setting>(SETTINGS).map(([name, { variable, flag, fallback, meaning }]) => [
      `\`${name}\``,
      variable === undefined ? '' : `\`${variable}\``,
      flag ?? '',
      fallback,
      meaning,
    ]);
    expect(rows).toEqual(real);
  });

  it('names no flag of a setting that there is not', () => {
    for (const { flag } of Object.values<Setting>(SETTINGS)) {
      if (flag === undefined) continue;
      const [, name = '', long = ''] = /^`(\w+) (--[\w-]+)`$/.exec(flag) ?? [];
      expect(COMMANDS.get(name)?.options.map((option) => option.long)).toContain(long);
    }
  });

  it('has the table of what one can type in a conversation', async () => {
    const { command } = readCommand('/help') ?? {};
    let help = '';
    const say = (text: string) => {
      help = text;
    };
    await command?.act({ say } as Parameters<typeof command.act>[0], '');
    const real = [...help.matchAll(/^ {2}(\/.*?) {2,}(.*)$/gm)].map(([, usage, about]) => [`\`${usage}\``, about]);
    expect(real.length).toBeGreaterThan(10);
    expect(rowsOf(PAGE).filter(([first]) => first?.startsWith('`/'))).toEqual(real);
  });
});

function commandsOf(parent: Command, path: readonly string[]): [string, Command][] {
  // Nothing is invoked here, so that there is nothing to invoke it with.
  if (path.length === 0) addVerbs(parent, {} as Invocation);
  return parent.commands.flatMap((command): [string, Command][] => {
    const words = [...path, command.name()];
    if (command.name().startsWith('__')) return [];
    return [[words.join(' '), command], ...commandsOf(command, words)];
  });
}
