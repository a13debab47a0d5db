import { describe, expect, it } from 'vitest';
import { until } from '../../support/processes.ts';
import {
  commandsOf,
  endLeftRuns,
  makeBusyPlace,
  processesOf,
  ROOT,
  startCommand,
  untilGone,
  untilStarted,
} from './command.ts';
import { Terminal } from './terminal.ts';

describe('a signal to the command', () => {
  it.each([
    ['SIGINT', '--approve=never'],
    ['SIGINT', '--json'],
    ['SIGTERM', '--approve=never'],
    ['SIGTERM', '--json'],
  ] as const)('%s ends the run with %s, and leaves nothing behind', async (signal, flag) => {
    const place = await makeBusyPlace();
    const command = startCommand(place, ['run', ...place.provider, flag, 'Do it']);
    await untilStarted(place);
    command.child.kill(signal);
    const { code, stdout, stderr } = await command.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(stdout).toContain(flag === '--json' ? '"status":"cancelled"' : '■ cancelled');
    await untilGone(place);
  });
});

describe('a terminal that is closed', () => {
  it('leaves the run, which goes on', async () => {
    const place = await makeBusyPlace();
    const terminal = Terminal.open(place, ['run', ...place.provider, 'Do it']);
    await untilStarted(place);
    terminal.hangUp();
    await until(() => commandsOf(place).length === 0, 'the end of the command');
    expect(processesOf(place).length, 'its codex').toBeGreaterThan(0);
    await endLeftRuns(place);
    await untilGone(place);
  });

  it('leaves it also where the output goes elsewhere, and says how to go on', async () => {
    const place = await makeBusyPlace();
    const command = startCommand(place, ['run', ...place.provider, '--json', 'Do it']);
    await untilStarted(place);
    command.child.kill('SIGHUP');
    const { code, stderr } = await command.ended;
    expect(code).toBe(129);
    expect(stderr).toMatch(/^Left\. It goes on: optio-codex attach run-\w+ · stop it: optio-codex cancel run-\w+\n$/);
    await endLeftRuns(place);
    await untilGone(place);
  });
});

describe('npm start', () => {
  const command = ['npm', '--prefix', ROOT, 'start', '--'];

  it('is interrupted and goes on as the command itself', async () => {
    const place = await makeBusyPlace();
    const terminal = Terminal.open(place, ['run', ...place.provider, 'Do it'], { command });
    await untilStarted(place);
    terminal.press('C-c');
    await terminal.shows('● waiting for your message');
    terminal.type('/cancel');
    await terminal.exitCode();
    expect(terminal.text()).toContain('■ cancelled');
    await untilGone(place);
  });
});
