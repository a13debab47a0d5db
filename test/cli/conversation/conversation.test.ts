import { afterEach, describe, expect, it, vi } from 'vitest';
import { OptioError } from '../../../src/errors.ts';
import { KEY, sitDown } from '../../support/conversation.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';

const IDLE = '● waiting for your message';
const MESSAGE = { type: 'message.sent', messageId: 'm1', text: 'Do it', images: [], steer: false };

/** What was sent, and how. */
function recordSends() {
  const sent: string[] = [];
  const send = async (message: string, { steer = false } = {}) => {
    sent.push(`${steer ? 'steer' : 'send'} ${message}`);
    return { id: 't1', completed: new Promise<never>(() => {}) };
  };
  return { sent, send };
}

describe('what one types in a conversation', () => {
  it('goes into the turn that runs, and is the next message between turns', async () => {
    const { sent, send } = recordSends();
    const { run, begin, press, shows } = sitDown({ handle: { send } });
    begin();
    await shows('⠋ working'.slice(2));
    press('also the docs', KEY.enter);
    run.emit({ type: 'turn.ended', turnId: 't1', status: 'completed' });
    await shows(IDLE);
    press('and now the tests', KEY.enter);
    await until(() => sent.length === 2, 'both messages');
    expect(sent).toEqual(['steer also the docs', 'send and now the tests']);
  });

  it('waits for the end of the turn with /queue', async () => {
    const { sent, send } = recordSends();
    const { run, begin, press, shows } = sitDown({ handle: { send } });
    begin();
    await shows('working');
    press('/queue and then this', KEY.enter);
    await shows('+ queued: and then this');
    await shows(' · 1 queued');
    run.emit({ type: 'queue.paused', reason: 'interrupt' });
    await shows('‖ Held since the turn was interrupted: what is queued');
    await shows(' · 1 queued, held: /resume');
    press('/resume', KEY.enter);
    await until(async () => (await run.history()).queuePause === null, 'a queue that goes on');
    expect((await run.history()).queue).toMatchObject([{ text: 'and then this' }]);
    expect(sent).toEqual([]);
  });

  it('is typed again when it could not be sent, ahead of what was typed since', async () => {
    const refused = Promise.withResolvers<never>();
    const { begin, press, shows, terminal } = sitDown({ handle: { send: () => refused.promise } });
    begin();
    await shows('working');
    press('first', KEY.enter);
    await shows('1 message on the way');
    press('second');
    refused.reject(new OptioError('turn-rejected', 'Codex does not take it', { remedy: 'Say it otherwise.' }));
    await shows('! not sent: Codex does not take it\n  Say it otherwise.');
    await shows('> first\nsecond');
    expect(terminal.cursorRow()).toBe('second|');
  });

  it('is shown as a message once it is written down, also what somebody else has sent', async () => {
    const { run, begin, shows } = sitDown();
    begin();
    run.emit({ ...MESSAGE, steer: true, type: 'message.sent' });
    await shows('> Do it\n  (into the turn)');
  });

  it('may be taken up again with the arrow keys, also what was sent before one came', async () => {
    const { run, begin, press, shows, terminal } = sitDown();
    run.emit({ ...MESSAGE, type: 'message.sent' });
    begin();
    await shows('working');
    press('a draft', KEY.up);
    await until(() => terminal.cursorRow() === '> Do it|', 'the message before');
    press(KEY.down);
    await until(() => terminal.cursorRow() === '> a draft|', 'the draft');
  });

  it('is told at the end when it was never sent', async () => {
    const { end, begin, press, shows, terminal, ended } = sitDown();
    begin();
    await shows('working');
    press('too late');
    await shows('> too late');
    end();
    await ended;
    expect(terminal.text()).toContain('  not sent: too late\n');
    expect(terminal.text()).toMatch(/✓ done · [\s\S]*run-1$/);
  });
});

describe('Ctrl-C in a conversation', () => {
  it('interrupts the turn, and leaves when it is pressed again; the run goes on', async () => {
    const { begin, press, shows, calls, ended } = sitDown();
    begin();
    await shows('working');
    press(KEY.ctrlC);
    await shows('interrupting the turn · Ctrl-C again leaves, and the run goes on');
    press(KEY.ctrlC);
    await expect(ended).resolves.toEqual({ left: 'key' });
    expect(calls).toEqual(['interrupt']);
  });

  it('says between turns what it does when it is pressed again', async () => {
    const { begin, press, shows, calls, ended } = sitDown();
    begin(false);
    await shows(IDLE);
    press(KEY.ctrlC);
    await shows(`${IDLE} · Ctrl-C again leaves`);
    process.emit('SIGINT');
    await expect(ended).resolves.toEqual({ left: 'key' });
    expect(calls).toEqual([]);
  });

  it('counts anew after another key', async () => {
    const { begin, press, shows, calls } = sitDown();
    begin();
    await shows('working');
    press(KEY.ctrlC, 'x', KEY.ctrlC);
    await until(() => calls.length === 2, 'the second interrupt');
    expect(calls).toEqual(['interrupt', 'interrupt']);
  });

  it('says why a turn could not be interrupted', async () => {
    const interrupt = () => Promise.reject(new OptioError('conversation-not-ready', 'there is no session'));
    const { begin, press, shows } = sitDown({ handle: { interrupt } });
    begin();
    await shows('working');
    press(KEY.ctrlC);
    await shows('! there is no session');
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('is not needed to leave with %s', async (signal) => {
    const { calls, ended } = sitDown();
    process.emit(signal, signal);
    await expect(ended).resolves.toEqual({ left: signal });
    expect(calls).toEqual([]);
  });

  it('is not needed to leave with Ctrl-D, /detach, or by closing the terminal', async () => {
    for (const [keys, left] of [
      [KEY.ctrlD, 'key'],
      [`/detach${KEY.enter}`, 'key'],
      [undefined, 'SIGHUP'],
    ] as const) {
      const { press, input, ended, shows } = sitDown();
      await shows('waiting for its turn');
      if (keys) press(keys);
      else input.end();
      await expect(ended).resolves.toEqual({ left });
    }
  });
});

describe('a conversation', () => {
  afterEach(() => void vi.useRealTimers());

  it('leaves the signals and the keyboard as they were', async () => {
    const count = () => (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => process.listenerCount(signal));
    const before = count();
    const { end, ended, input, terminal } = sitDown();
    end();
    await ended;
    expect(count()).toEqual(before);
    expect(input.isPaused()).toBe(true);
    expect(terminal.writes.join('')).toContain('\u001b[?2004l');
  });

  it('ends with why the run cannot be watched any more, and takes the input line away', async () => {
    const events = async function* () {
      yield await Promise.reject<never>(new OptioError('store-failed', 'the store is closed'));
    };
    const { ended, terminal } = sitDown({ handle: { events } });
    await expect(ended).rejects.toMatchObject({ code: 'store-failed' });
    expect(terminal.text()).toBe('');
  });

  it('does not repeat the message with which the run was begun just now', async () => {
    const { run, begin, shows, terminal } = sitDown({ isAttached: false });
    run.emit({ ...MESSAGE, type: 'message.sent' });
    run.emit({ ...MESSAGE, type: 'message.sent', text: 'another' });
    begin();
    await shows('> another');
    expect(terminal.text()).not.toContain('Do it');
  });

  it('is drawn anew when the terminal changes its size', async () => {
    const { begin, shows, terminal } = sitDown();
    begin();
    await shows('working · scripted');
    terminal.stream.columns = 12;
    terminal.stream.emit('resize');
    expect(terminal.text()).not.toContain('working · scripted');
  });

  it('allows what is asked with --yes, and asks nobody', async () => {
    const { run, begin, shows, terminal } = sitDown({ yes: true });
    begin();
    const asked = run.ask(COMMAND_REQUEST, new AbortController().signal);
    await expect(asked).resolves.toMatchObject({ answer: { behavior: 'allow' } });
    await shows('allowed by ');
    expect(terminal.text()).not.toContain('[y]es');
  });
});
