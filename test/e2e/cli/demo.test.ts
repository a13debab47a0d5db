import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunEvent, runEventSchema } from '../../../src/contract/event.ts';
import { makeCommandPlace, runCommand } from './command.ts';

/** In the order in which a person sees them. */
const SECTIONS = [
  'The model of this demo is scripted',
  'codex 0.',
  'I will look at the project first',
  '▸ Look at the files',
  '$ ls -l && cat greet.sh',
  '✓ exit code 0',
  '$ sh test.sh',
  '│ but got:  Hallo, Ada',
  '✗ exit code 1',
  '~ greet.sh',
  '-echo "Hallo, $' + '{1:-World}"',
  '+echo "Hello, $' + '{1:-World}!"',
  '? Codex asks to run a command',
  'it may write anywhere as you',
  'allowed, as --yes says',
  '│ ok: Hello, Ada!',
  'Done. `greet.sh` greeted in German',
  '✓ done · ',
  ' tokens (',
  '  ~ greet.sh',
];

function readEvents(stdout: string): RunEvent[] {
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => runEventSchema.parse(JSON.parse(line)));
}

describe('demo', () => {
  it('shows a whole session, and where its work is', async () => {
    const place = await makeCommandPlace();
    const { code, stdout, stderr } = await runCommand(place, ['demo', '--yes']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toMatch(/^The model of this demo is scripted/);
    let at = -1;
    for (const section of SECTIONS) {
      const next = stdout.indexOf(section, at + 1);
      expect(next, `"${section}" after what comes before it`).toBeGreaterThan(at);
      at = next;
    }
    expect(stdout).toMatch(/✓ done · [\d.]+ s · 1 turn · [\d,]+ tokens/);
    const workspace =
      stdout
        .trimEnd()
        .split('\n')
        .at(-1)
        ?.replace(/^ {2}in /, '') ?? '';
    expect(readFileSync(join(workspace, 'greet.sh'), 'utf8')).toContain('Hello, ');
  });

  it('declines what needs permission where nobody can be asked, and says so', async () => {
    const place = await makeCommandPlace();
    const { code, stdout } = await runCommand(place, ['demo']);
    expect(code).toBe(0);
    expect(stdout).toContain('declined, since there is no terminal to ask at');
    expect(stdout).not.toContain('ok: Hello, Ada!');
  });

  it('prints the events of the journal without a gap, and allows with --yes there too', async () => {
    const place = await makeCommandPlace();
    const { code, stdout } = await runCommand(place, ['demo', '--json', '--yes']);
    expect(code).toBe(0);
    const events = readEvents(stdout);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', outcome: { status: 'done' } });
    expect(events.find(({ type }) => type === 'request.answered')).toMatchObject({ answer: { behavior: 'allow' } });
    expect(stdout).toContain('ok: Hello, Ada!');
  });
});
