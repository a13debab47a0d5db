import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Answer } from '../../../src/contract/request.ts';
import { OptioError } from '../../../src/errors.ts';
import { KEY, sitDown } from '../../support/conversation.ts';
import { until } from '../../support/processes.ts';
import { COMMAND_REQUEST } from '../../support/run-events.ts';

const NEVER = new AbortController().signal;
const KEYS = '[y]es  [a]lways in this session  [n]o  [i]nterrupt, and Enter >';
const { sandboxed: _, ...common } = COMMAND_REQUEST;
const question = (id: string) => {
  return { id, header: '', question: `Which ${id}?`, options: [], allowsOther: true, isSecret: false };
};

describe('a request in a conversation', () => {
  it('takes the input line, and gives it back with what was being typed', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    const { run, begin, press, shows, terminal } = sitDown();
    begin();
    press('a draft');
    await shows('> a draft');
    vi.mocked(performance.now).mockReturnValue(10_000);
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    await shows(KEYS);
    await shows('? waiting for you');
    expect(terminal.text()).not.toContain('a draft');
    press('y', KEY.enter);
    await expect(asked).resolves.toMatchObject({ answer: { behavior: 'allow' }, by: 'caller (terminal)' });
    await until(() => terminal.cursorRow() === '> a draft|', 'the draft');
    expect(terminal.text()).toContain('    allowed\n');
  });

  it('does not take the keys of somebody who is typing', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    const sent: string[] = [];
    const send = async (message: string) => {
      sent.push(message);
      return { id: 't1', completed: new Promise<never>(() => {}) };
    };
    const { run, begin, press, shows, terminal } = sitDown({ handle: { send } });
    begin();
    press('oka');
    await shows('> oka');
    void run.ask(COMMAND_REQUEST, NEVER).catch(() => {});
    await shows('? waiting for you');
    press('y', KEY.enter);
    await until(() => sent.length === 1, 'the message');
    expect(sent).toEqual(['okay']);
    await shows(KEYS);
    expect(terminal.text()).not.toContain('allowed');
  });

  it('says so at once when somebody else has answered, and asks no longer', async () => {
    const { run, begin, press, shows, terminal } = sitDown();
    begin();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    await shows(KEYS);
    press('half an ans');
    run.answer('r1', { kind: 'decision', behavior: 'deny' }, 'phone');
    await asked;
    await shows('    declined by phone');
    await until(() => terminal.cursorRow() === '> |', 'the input line');
  });

  it('says whose answer held when another one was faster', async () => {
    const shown = Promise.withResolvers<void>();
    const answer = async () => {
      run.answer('r1', { kind: 'decision', behavior: 'deny' }, 'phone');
      await shown.promise; // the journal may be faster than the refusal
      throw new OptioError('request-expired', 'it was answered');
    };
    const { run, begin, press, shows } = sitDown({ handle: { answer } });
    begin();
    void run.ask(COMMAND_REQUEST, NEVER);
    await shows(KEYS);
    press('y', KEY.enter);
    await shows('    declined by phone');
    shown.resolve();
  });

  it('says that one needs no answer any more', async () => {
    const { run, begin, shows, terminal } = sitDown();
    begin();
    run.emit({ type: 'request.opened', request: COMMAND_REQUEST });
    await shows(KEYS);
    run.emit({ type: 'request.closed', requestId: 'r1', reason: 'sessionEnded' });
    await shows('this needs no answer any more');
    expect(terminal.cursorRow()).toBe('> |');
  });

  it('comes after those before it', async () => {
    const { run, begin, press, shows, terminal } = sitDown();
    begin();
    const answers: Promise<{ answer: Answer }>[] = [];
    for (const id of ['r1', 'r2', 'r3']) answers.push(run.ask({ ...COMMAND_REQUEST, id, command: `do ${id}` }, NEVER));
    await shows('? waiting for you (1 of 3)');
    expect(terminal.text()).not.toContain('do r2');
    press('y', KEY.enter);
    await shows('? Codex asks to run a command (2 of 3)\n    do r2');
    run.answer('r3', { kind: 'decision', behavior: 'deny' }, 'phone');
    await shows('? waiting for you');
    press('n', KEY.enter);
    const given = await Promise.all(answers);
    expect(given.map(({ answer }) => 'behavior' in answer && answer.behavior)).toEqual(['allow', 'deny', 'deny']);
    expect(terminal.text()).not.toContain('do r3');
  });

  it('says what it takes, and leaves a message untouched that is typed there', async () => {
    const { run, begin, press, shows, calls } = sitDown();
    begin();
    void run.ask(COMMAND_REQUEST, NEVER).catch(() => {});
    await shows(KEYS);
    press('why do you want that?', KEY.enter);
    await shows('Answer y, a, n or i');
    expect(calls).toEqual([]);
  });

  it('may be asked again when the answer could not be given', async () => {
    let failures = 1;
    const given: Answer[] = [];
    const answer = async (_id: string, said: Answer) => {
      if (failures-- > 0) throw new OptioError('server-unreachable', 'the server does not answer');
      given.push(said);
    };
    const { run, begin, press, shows } = sitDown({ handle: { answer } });
    begin();
    void run.ask(COMMAND_REQUEST, NEVER).catch(() => {});
    await shows(KEYS);
    press('y', KEY.enter);
    await shows('! the server does not answer');
    await shows(KEYS);
    press('n', KEY.enter);
    await until(() => given.length === 1, 'the answer');
    expect(given).toEqual([{ kind: 'decision', behavior: 'deny' }]);
  });

  it.each<[string, Answer]>([
    ['/approve', { kind: 'decision', behavior: 'allow' }],
    ['/approve always', { kind: 'decision', behavior: 'allow', forSession: true }],
    ['/deny', { kind: 'decision', behavior: 'deny' }],
    ['/deny stop', { kind: 'decision', behavior: 'deny', interrupt: true }],
  ])('may be answered with %s', async (command, answer) => {
    const { run, begin, press, shows } = sitDown();
    begin();
    const asked = run.ask(COMMAND_REQUEST, NEVER);
    await shows(KEYS);
    press(command, KEY.enter);
    await expect(asked).resolves.toMatchObject({ answer });
  });

  it('is a question after the other where it has several, also for somebody who types ahead', async () => {
    const { run, begin, press, shows, calls } = sitDown();
    begin();
    const asked = run.ask({ ...common, kind: 'question', questions: [question('one'), question('two')] }, NEVER);
    await shows('Which one?');
    press('/usr/bin', KEY.enter, 'second', KEY.enter);
    await expect(asked).resolves.toMatchObject({ answer: { answers: { one: ['/usr/bin'], two: ['second'] } } });
    expect(calls).toEqual([]);
  });

  it('shows nothing of a secret, and takes no command for one', async () => {
    const { run, begin, press, shows, terminal } = sitDown();
    begin();
    const secret = { ...question('password'), isSecret: true };
    const asked = run.ask({ ...common, kind: 'question', questions: [secret] }, NEVER);
    await shows('seen by Codex) >');
    press('/help');
    run.emit({ type: 'notice', level: 'warning', message: 'drawn anew since' });
    await shows('drawn anew since');
    press(KEY.enter);
    await expect(asked).resolves.toMatchObject({ answer: { answers: { password: ['/help'] } } });
    expect(terminal.writes.join('')).not.toContain('/help');
  });

  it('is not answered by leaving', async () => {
    const { run, begin, press, shows, ended } = sitDown();
    begin();
    let isAnswered = false;
    void run.ask(COMMAND_REQUEST, NEVER).then(() => {
      isAnswered = true;
    });
    await shows(KEYS);
    press(KEY.ctrlD);
    await expect(ended).resolves.toEqual({ left: 'key' });
    expect(isAnswered).toBe(false);
  });
});

describe('--yes in a conversation', () => {
  it('asks the person once its answer is refused, and says why it was', async () => {
    const { run, begin, shows, end } = sitDown({
      yes: true,
      handle: { answer: () => Promise.reject(new OptioError('forbidden', 'a viewer answers nothing')) },
    });
    begin();
    run.emit({ type: 'request.opened', request: COMMAND_REQUEST });
    await shows('a viewer answers nothing');
    await shows(KEYS);
    end();
  });
});
