import { describe, expect, it } from 'vitest';
import type { RunUpdate } from '../../src/contract/run-update.ts';
import { withJournal } from '../../src/engine/followed-journal.ts';

const snapshot: RunUpdate = { type: 'snapshot', runs: [], requests: [], isPartial: false };
const removed = (id: string): RunUpdate => ({ type: 'removed', id });
const event = (seq: number): RunUpdate => ({
  type: 'events',
  runId: 'run-1',
  events: [{ seq, at: '2026-01-01T00:00:00.000Z', type: 'progress', percent: seq, message: null }],
});

/** A source that gives what it is given, and counts how often it was asked. */
function source() {
  const given: PromiseWithResolvers<IteratorResult<RunUpdate, undefined>>[] = [];
  const state = { asked: 0, isReturned: false };
  const at = (index: number) => {
    while (given.length <= index) given.push(Promise.withResolvers());
    return given[index] as PromiseWithResolvers<IteratorResult<RunUpdate, undefined>>;
  };
  let told = 0;
  return {
    state,
    tell(...updates: RunUpdate[]) {
      for (const value of updates) at(told++).resolve({ done: false, value });
    },
    end: () => at(told++).resolve({ done: true, value: undefined }),
    fail: (thrown: Error) => at(told++).reject(thrown),
    iterator: {
      next: () => at(state.asked++).promise,
      async return() {
        state.isReturned = true;
        at(state.asked).resolve({ done: true, value: undefined });
        return { done: true as const, value: undefined };
      },
    },
  };
}

function begin() {
  const [list, journal] = [source(), source()];
  let left: AbortSignal | undefined;
  const told = withJournal(list.iterator, (signal) => {
    left = signal;
    return journal.iterator;
  });
  const take = async (count: number) => {
    const updates: (RunUpdate | undefined)[] = [];
    for (let n = 0; n < count; n++) updates.push((await told.next()).value);
    return updates;
  };
  return { list, journal, told, take, isLeft: () => left?.aborted };
}

describe('withJournal', () => {
  it('tells the snapshot first, and then both as they come', async () => {
    const { list, journal, take } = begin();
    journal.tell(event(1), event(2));
    list.tell(snapshot);
    expect(await take(3)).toEqual([snapshot, event(1), event(2)]);
    list.tell(removed('a'));
    expect(await take(1)).toEqual([removed('a')]);
  });

  it('holds one of each for a reader that takes nothing', async () => {
    const { list, journal, take } = begin();
    list.tell(snapshot, removed('a'), removed('b'));
    journal.tell(event(1), event(2), event(3));
    expect(await take(3)).toHaveLength(3);
    expect([list.state.asked, journal.state.asked]).toEqual([3, 2]);
  });

  it('goes on with the list after the end of the journal', async () => {
    const { list, journal, take } = begin();
    list.tell(snapshot);
    journal.tell(event(1));
    journal.end();
    expect(await take(2)).toEqual([snapshot, event(1)]);
    list.tell(removed('a'));
    expect(await take(1)).toEqual([removed('a')]);
  });

  it('is over with the list, and lets go of the journal', async () => {
    const { list, journal, take, told } = begin();
    list.tell(snapshot);
    list.end();
    await take(1);
    expect(await told.next()).toMatchObject({ done: true });
    expect(journal.state.isReturned).toBe(true);
  });

  it('lets go of both when its reader leaves while it waits', async () => {
    const { list, journal, take, told, isLeft } = begin();
    list.tell(snapshot);
    await take(1);
    const waiting = told.next();
    await told.return?.();
    expect(await waiting).toMatchObject({ done: true });
    expect([list.state.isReturned, journal.state.isReturned, isLeft()]).toEqual([true, true, true]);
  });

  it('throws what one of them throws', async () => {
    const { list, journal, take, told } = begin();
    list.tell(snapshot);
    await take(1);
    journal.fail(new Error('the disk is gone'));
    await expect(told.next()).rejects.toThrow('the disk is gone');
    expect(list.state.isReturned).toBe(true);
  });
});
