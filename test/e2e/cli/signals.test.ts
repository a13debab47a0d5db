import { describe, expect, it } from 'vitest';
import { makeBusyPlace, ROOT, startCommand, untilGone, untilStarted } from './command.ts';
import { Terminal } from './terminal.ts';

describe('a signal to the command', () => {
  it.each([
    ['SIGINT', '--approve=never'],
    ['SIGINT', '--json'],
    ['SIGTERM', '--approve=never'],
    ['SIGTERM', '--json'],
    ['SIGHUP', '--json'],
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
  it('ends the run, and leaves nothing behind', async () => {
    const place = await makeBusyPlace();
    const terminal = Terminal.open(place, ['run', ...place.provider, 'Do it']);
    await untilStarted(place);
    terminal.hangUp();
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
    await terminal.shows('what now?');
    terminal.press('C-c');
    await terminal.exitCode();
    expect(terminal.text()).toContain('■ cancelled');
    await untilGone(place);
  });
});
