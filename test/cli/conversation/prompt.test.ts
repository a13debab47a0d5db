import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/contract/request.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';
import { CTRL_C, CTRL_D, makePerson } from '../../support/terminal.ts';

const NEVER = new AbortController().signal;
const KEYS = '[y]es  [a]lways in this session  [n]o  [i]nterrupt, and Enter > ';

describe('Prompt.answer to an approval', () => {
  it.each<[string, Answer]>([
    ['y', { kind: 'decision', behavior: 'allow' }],
    [' YES ', { kind: 'decision', behavior: 'allow' }],
    ['a', { kind: 'decision', behavior: 'allow', forSession: true }],
    ['n', { kind: 'decision', behavior: 'deny' }],
    ['i', { kind: 'decision', behavior: 'deny', interrupt: true }],
    ['stop', { kind: 'decision', behavior: 'deny', interrupt: true }],
  ])('takes %j', async (typed, expected) => {
    const { answer, type } = makePerson();
    const answered = answer(COMMAND_REQUEST, NEVER);
    await type(KEYS, `${typed}\r`);
    await expect(answered).resolves.toEqual(expected);
  });

  it.each(['', 'yep', 'no way', '1', '?'])('says what it takes, and asks again, after %j', async (typed) => {
    const { answer, type, text } = makePerson();
    const answered = answer(COMMAND_REQUEST, NEVER);
    await type(KEYS, `${typed}\r`);
    await type(KEYS, 'n\r');
    await expect(answered).resolves.toEqual({ kind: 'decision', behavior: 'deny' });
    expect(text().match(/Answer y, a, n or i/g)).toHaveLength(1);
  });

  it('goes away when the request is withdrawn, and takes no key any more', async () => {
    const { answer, type, screen, text } = makePerson();
    const withdrawn = new AbortController();
    const answered = answer(COMMAND_REQUEST, withdrawn.signal);
    await type(KEYS, 'y');
    screen.line('held');
    withdrawn.abort();
    await expect(answered).rejects.toMatchObject({ name: 'AbortError' });
    screen.line('after');
    expect(text()).toMatch(/held\nafter\n$/);
  });

  it('is not asked for when the request was withdrawn before', async () => {
    const { answer } = makePerson();
    await expect(answer(COMMAND_REQUEST, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('hands Ctrl-C on, and gives no answer', async () => {
    const { answer, type, interrupts } = makePerson();
    const answered = answer(COMMAND_REQUEST, NEVER);
    await type(KEYS, CTRL_C);
    await expect(answered).rejects.toMatchObject({ code: 'aborted' });
    expect(interrupts()).toBe(1);
  });

  it('gives none when the terminal is closed', async () => {
    const { answer, type, leave, interrupts } = makePerson();
    const answered = answer(COMMAND_REQUEST, NEVER);
    await type(KEYS, '');
    leave();
    await expect(answered).resolves.toBeUndefined();
    expect(interrupts()).toBe(0);
  });

  it('gives none after Ctrl-D', async () => {
    const { answer, type } = makePerson();
    const answered = answer(COMMAND_REQUEST, NEVER);
    await type(KEYS, CTRL_D);
    await expect(answered).resolves.toBeUndefined();
  });

  it('asks one question after the other on the same terminal', async () => {
    const { answer, type } = makePerson();
    for (const typed of ['y', 'n']) {
      const answered = answer(COMMAND_REQUEST, NEVER);
      await type(KEYS, `${typed}\r`);
      await expect(answered).resolves.toMatchObject({ behavior: typed === 'y' ? 'allow' : 'deny' });
    }
  });
});
