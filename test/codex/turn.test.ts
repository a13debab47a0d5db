import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunningTurn, toTurnStatus } from '../../src/codex/turn.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { OptioError } from '../../src/errors.ts';

let items = 0;
const said = (text: unknown, phase: string | null = null) =>
  ({ type: 'agentMessage', id: `message ${items++}`, text, phase }) as never;
const wire = (more: object = {}) => ({ id: 't', items: [], status: 'completed', error: null, ...more }) as never;

function make() {
  const hopeless: string[] = [];
  const giveUp = (turn: RunningTurn) => void hopeless.push(turn.id);
  const codex = { isSilent: false };
  const isSilent = () => codex.isSilent;
  return { turn: new RunningTurn('t', NO_USAGE, { retryDeadlineMs: 2_000, giveUp, isSilent }), hopeless, codex };
}

describe('RunningTurn', () => {
  it('takes the last message for the answer where the model marks none', () => {
    const { turn } = make();
    for (const text of ['first', 'second']) turn.completeItem(said(text));
    expect(turn.end(wire(), NO_USAGE)).toMatchObject({ text: 'second', messages: ['first', 'second'] });
  });

  it('takes the messages that the model marks for the answer', () => {
    const { turn } = make();
    turn.completeItem(said('one', 'final_answer'));
    turn.completeItem(said('on the way', 'commentary'));
    turn.completeItem(said('two', 'final_answer'));
    expect(turn.end(wire(), NO_USAGE).text).toBe('one\n\ntwo');
  });

  it('reads the answer from the end when it saw nothing else, and ignores it otherwise', () => {
    const told = { items: [said('told by the end')] };
    expect(make().turn.end(wire(told), NO_USAGE).text).toBe('told by the end');
    const { turn } = make();
    turn.completeItem(said('seen'));
    expect(turn.end(wire(told), NO_USAGE).messages).toEqual(['seen']);
  });

  it('has no answer when nothing was said, and no error when none was told', () => {
    expect(make().turn.end({ id: 't', status: 'completed' } as never, NO_USAGE)).toEqual({
      id: 't',
      status: 'completed',
      text: '',
      messages: [],
      usage: NO_USAGE,
      error: null,
    });
  });

  it('knows which commands have not ended', () => {
    const { turn } = make();
    for (const id of ['a', 'b', '__proto__']) turn.startItem({ type: 'commandExecution', id } as never);
    turn.completeItem({ type: 'commandExecution', id: 'a' } as never);
    turn.completeItem({ type: 'commandExecution', id: 'never started' } as never);
    expect([...turn.commands]).toEqual(['b', '__proto__']);
  });

  it.each(['startItem', 'completeItem'] as const)('has begun once an item of it is told by %s', async (told) => {
    const { turn } = make();
    turn[told](said('first'));
    await turn.begun();
    expect(turn.isEnded).toBe(false);
  });

  it('has begun once it has ended, and is over when it was abandoned', async () => {
    const { turn } = make();
    turn.abandon(new OptioError('conversation-closed', 'all is over'));
    await turn.begun();
    await turn.over();
    await expect(turn.completed).rejects.toThrow('all is over');
    expect(turn.isEnded).toBe(true);
  });

  it('ends, whatever its end brings along', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (items, status, text) => {
        const { turn } = make();
        turn.completeItem(said(text));
        const result = turn.end(wire({ items, status }), NO_USAGE);
        expect(['completed', 'interrupted', 'failed']).toContain(result.status);
        expect(typeof result.text).toBe('string');
        make().turn.end(wire({ items }), NO_USAGE);
      }),
    );
  });
});

describe('a turn whose model does not answer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is given up after the deadline, counted from the first failure, and fails with the words of that', () => {
    const { turn, hopeless } = make();
    const error = (message: string) => ({ message }) as never;
    turn.retry(error('no route'));
    vi.advanceTimersByTime(1_500);
    turn.retry(error('still no route'));
    expect(hopeless).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(hopeless).toEqual(['t']);
    expect(turn.end(wire({ status: 'interrupted' }), NO_USAGE)).toMatchObject({
      status: 'failed',
      error: { message: 'given up after 2 s without an answer of the model: no route' },
    });
  });

  it('is not given up while codex gives no sign of life, and asks nobody', () => {
    const { turn, hopeless, codex } = make();
    turn.retry({ message: 'cut' } as never);
    codex.isSilent = true;
    vi.advanceTimersByTime(10_000);
    expect(hopeless).toEqual([]);
    codex.isSilent = false;
    vi.advanceTimersByTime(2_000);
    expect(hopeless).toEqual(['t']);
  });

  it('is not given up when the model has answered meanwhile, or when it has ended', () => {
    const [answered, ended] = [make(), make()];
    for (const { turn } of [answered, ended]) turn.retry({ message: 'cut' } as never);
    answered.turn.startItem(said('here I am'));
    ended.turn.end(wire(), NO_USAGE);
    vi.advanceTimersByTime(10_000);
    expect([answered.hopeless, ended.hopeless]).toEqual([[], []]);
  });
});

describe('toTurnStatus', () => {
  it('takes a word that it does not know for a failure: it is no proof that the work was done', () => {
    const words = ['completed', 'interrupted', 'failed', 'inProgress', 'paused', undefined, 7, null] as never[];
    expect(words.map(toTurnStatus)).toEqual([
      'completed',
      'interrupted',
      'failed',
      'completed',
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
  });
});
