import { describe, expect, it } from 'vitest';
import { escalate, type ModelRequest, pause, say } from '../../../src/testing/index.ts';
import { until } from '../../support/processes.ts';
import {
  type CommandPlace,
  killOurs,
  makeCommandPlace,
  processesOf,
  runCommand,
  startCommand,
  untilGone,
} from './command.ts';
import { Terminal } from './terminal.ts';

const KEYS = '[y]es  [a]lways in this session  [n]o  [i]nterrupt, and Enter >';

/** Begins a run, and kills its command and the server once the model was asked. */
async function leaveRun(place: CommandPlace, message: string): Promise<void> {
  const { ended } = startCommand(place, ['run', ...place.provider, message]);
  await until(() => place.model.requests.length > 0, 'a request to the model');
  killOurs(place);
  expect((await ended).signal).toBe('SIGKILL');
}

describe('attach', () => {
  it('goes on with a run whose server was killed, and shows it from its beginning', async () => {
    const gate = Promise.withResolvers<void>();
    const place = await makeCommandPlace([say('I begin.'), pause(gate.promise), say('That is all.')]);
    await leaveRun(place, 'Do it');
    const attached = startCommand(place, ['attach']);
    await until(() => attached.stdout().includes('> Do it'), 'the message');
    gate.resolve();
    const { code, stdout } = await attached.ended;
    expect(stdout).toContain('! reattached: another process has taken over the run\n');
    expect(stdout).toContain('That is all.');
    expect(stdout).toMatch(/✓ done · .* · 1 turn · 150 tokens/);
    expect(code).toBe(0);
    await untilGone(place);
  });

  it('asks what was asked when the server was killed, once', async () => {
    const place = await makeCommandPlace([escalate('echo ok-$((0+1))'), say('That was it.')]);
    const first = Terminal.open(place, ['run', ...place.provider, 'Do it']);
    await first.shows(KEYS);
    killOurs(place);
    first.hangUp();
    const terminal = Terminal.open(place, ['attach']);
    await terminal.shows(KEYS);
    terminal.type('y');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('│ ok-1');
    expect(terminal.text()).toContain('    allowed\n');
    await untilGone(place);
  });

  it('shows a run that is over, and ends as it did', async () => {
    const place = await makeCommandPlace([escalate('echo ok'), say('Said before.')]);
    const { stdout } = await runCommand(place, ['run', ...place.provider, '--json', 'Do it']);
    expect(stdout).toContain('"run.ended"');
    const none = await runCommand(place, ['attach']);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('there is no unfinished run')]);
    const shown = await runCommand(place, ['attach', '@last']);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('Said before.')]);
    expect(shown.stdout).toMatch(
      /\? Codex asks to run a command\n {4}echo ok\n[^?]*\n {4}declined by owner \(no terminal\): there is no terminal to ask at\n/,
    );
    expect(place.model.requests).toHaveLength(2);
  });
});

describe('a run that was left behind', () => {
  it('goes on beside another, which leaves it as it is', async () => {
    const gate = Promise.withResolvers<void>();
    const script = ({ userText }: ModelRequest) =>
      userText.includes('slowly') ? [pause(gate.promise), say('At last.')] : [say('Quick.')];
    const place = await makeCommandPlace(script);
    await leaveRun(place, 'Do it slowly');
    const other = await startCommand(place, ['run', ...place.provider, '--fresh', 'Do it']).ended;
    expect([other.code, other.stdout]).toEqual([0, expect.stringContaining('Quick.')]);
    expect(other.stderr).toBe('');
    const listed = await startCommand(place, ['ps', '-q']).ended;
    const runId = listed.stdout.trim();
    expect(processesOf(place).length, 'the codex of the run that was left').toBeGreaterThan(0);
    gate.resolve();
    const { code, stdout } = await runCommand(place, ['attach', runId.slice(0, 13)]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('At last.')]);
  });
});
