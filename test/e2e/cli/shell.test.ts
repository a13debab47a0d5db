import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakePath } from '../../support/fakes.ts';
import { RUN_ID } from '../../support/run-summary.ts';
import { type CommandPlace, makeCommandPlace } from './command.ts';
import { Terminal } from './terminal.ts';

/** A person's own shell, with a command of ours on its path whose answers come from a script. */
async function openShell(): Promise<{ terminal: Terminal; place: CommandPlace }> {
  const place = await makeCommandPlace();
  const directory = join(place.home, 'bin');
  mkdirSync(directory);
  const script = `#!/bin/sh\nexec '${process.execPath}' '${fakePath('scripted-command.ts')}' "$@"\n`;
  writeFileSync(join(directory, 'optio-codex'), script, { mode: 0o755 });
  const env = { PATH: `${directory}:${process.env.PATH}`, PS1: 'ready> ' };
  const command = ['bash', '--norc', '--noprofile', '-i'];
  const terminal = Terminal.open(place, [], { env, command, columns: 100 });
  await terminal.shows('ready>');
  return { terminal, place };
}

describe('a shell at a terminal', () => {
  it('completes what is typed when Tab is pressed, where Bash breaks words too, and evaluates nothing', async () => {
    const { terminal, place } = await openShell();
    terminal.type('source <(optio-codex completion bash)');
    await terminal.shows('ready>', 2);
    for (const [typed, completed] of [
      ['optio-codex sched', 'optio-codex schedules'],
      ['optio-codex show @', 'optio-codex show @last'],
      ['optio-codex logs @la', 'optio-codex logs @last'],
      ['optio-codex approve requ', 'optio-codex approve request-5f0c000000000000'],
      ['optio-codex export --format=m', 'optio-codex export --format=md'],
      ['optio-codex cancel run-01', `optio-codex cancel ${RUN_ID}`],
    ] as const) {
      terminal.keys(typed);
      terminal.press('Tab');
      await terminal.shows(completed);
      terminal.press('C-u');
    }
    expect(readdirSync(place.workspace)).toEqual([]);
  });

  it('gets its screen back from a live table, when that is suspended and when it is left', async () => {
    const { terminal } = await openShell();
    terminal.type('optio-codex ps --watch');
    await terminal.shows('2 runs');
    terminal.press('C-z');
    await terminal.shows('Stopped');
    expect(terminal.text()).not.toContain('2 runs');
    terminal.type('fg');
    await terminal.shows('2 runs');
    terminal.press('C-c');
    terminal.type('echo "it gave $?"');
    await terminal.shows('it gave 0');
    expect(terminal.text()).not.toContain('2 runs');
  });
});
