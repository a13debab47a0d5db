import { describe, expect, it } from 'vitest';
import { KEY, sitDown } from '../../support/conversation.ts';
import { until } from '../../support/processes.ts';

const PASTE = (text: string) => `\u001b[200~${text}\u001b[201~`;

/** Somebody whose messages are kept as they were sent. */
async function compose(...keys: readonly string[]) {
  const sent: string[] = [];
  const send = async (message: string) => {
    sent.push(message);
    return { id: 't1', completed: new Promise<never>(() => {}) };
  };
  const sitting = sitDown({ handle: { send } });
  sitting.begin(false);
  await sitting.shows('● waiting');
  sitting.press(...keys);
  return { ...sitting, sent, untilSent: () => until(() => sent.length > 0, 'the message') };
}

describe('LiveComposer', () => {
  it.each<[string, readonly string[], string]>([
    ['a line', ['one', KEY.enter], 'one'],
    ['another line after Alt+Enter', ['one', KEY.altEnter, 'two', KEY.enter], 'one\ntwo'],
    ['another line after a backslash', ['one\\', KEY.enter, 'two', KEY.enter], 'one\ntwo'],
    ['what is pasted, as one message', [PASTE('one\r\ntwo\rthree\n\n'), 'four', KEY.enter], 'one\ntwo\nthree\n\nfour'],
    ['nothing of a pasted text that a terminal obeys', [PASTE('a\u0007b\u001b]0;x\u0007c'), KEY.enter], 'abc'],
    ['what was corrected', ['oen', KEY.left, KEY.left, '\u0004', KEY.left, '\u0005', '\u007f', 'ne', KEY.enter], 'one'],
    ['characters of several codes', ['👨‍👩‍👧é日', KEY.enter], '👨‍👩‍👧é日'],
  ])('sends %s', async (_what, keys, expected) => {
    const { sent, untilSent } = await compose(...keys);
    await untilSent();
    expect(sent).toEqual([expected]);
  });

  it('shows several lines, and where the cursor is', async () => {
    const { terminal, shows, press } = await compose('one', KEY.altEnter, 'two');
    await shows('> one\ntwo');
    expect(terminal.cursorRow()).toBe('two|');
    press(KEY.up);
    await until(() => terminal.cursorRow() === '> one|', 'the line above');
  });

  it('shows the part of a long text where the cursor is', async () => {
    const { terminal, shows } = await compose(
      PASTE(Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')),
    );
    await shows('line 99');
    expect(terminal.text()).not.toContain('line 50\n');
    expect(terminal.text()).toContain('● waiting');
  });

  it('sends nothing for an empty line', async () => {
    const { sent, untilSent } = await compose(KEY.enter, '  ', KEY.enter, 'x', KEY.enter);
    await untilSent();
    expect(sent).toEqual(['x']);
  });

  it('completes a command', async () => {
    const { terminal } = await compose('/mo', KEY.tab);
    await until(() => terminal.cursorRow() === '> /model |', 'the command');
  });

  it('deletes with Ctrl-D where there is something to delete', async () => {
    const { terminal } = await compose('ab', KEY.left, KEY.ctrlD);
    await until(() => terminal.cursorRow() === '> a|', 'the rest');
  });
});
