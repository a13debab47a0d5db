import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { JournalPiece } from '../../src/contract/journal-piece.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import { compactJournal } from '../../src/engine/compaction.ts';
import type { Journal, JournalRange } from '../../src/store/store.ts';
import { openEngine, taskOf } from '../support/engine.ts';
import { journals } from '../support/journal.ts';
import { stuck } from '../support/tasks.ts';

const delta = (turnId: string, itemId = `of ${turnId}`, more: object = {}): RunEventBody => {
  return { type: 'item.delta', turnId, itemId, part: 'text', delta: 'x', ...more };
};
const completed = (turnId: string, id = `of ${turnId}`): RunEventBody => {
  return { type: 'item.completed', turnId, item: { kind: 'agentMessage', id, text: 'xx' } };
};
const ended = (turnId: string, threadId?: string): RunEventBody => {
  return { type: 'turn.ended', turnId, status: 'completed', ...(threadId && { threadId }) };
};

/** Waits for a fact that nobody announces. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 45_000 });

/** Tells these events, the deltas each for itself, as they would be told slowly. */
async function tell(run: { emit(event: RunEventBody): void; written(): Promise<void> }, ...events: RunEventBody[]) {
  for (const event of events) {
    run.emit(event);
    if (event.type === 'item.delta') await run.written();
  }
  await run.written();
}

const wordsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => {
    if (event.type === 'run.state') return [];
    if (event.type === 'journal.compacted') return [`${event.from}-${event.seq}`];
    return [event.type.replace('item.', '')];
  });

describe('the journal of a run that goes on', () => {
  it('is compacted after each of its turns, and reads for that only what came since', async () => {
    const { engine, store } = await openEngine();
    const task = stuck('task', { graceMs: 1 });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const run = await task.began;
    const reads = vi.spyOn(store.journal, 'readPiece');
    await tell(run, delta('one'), delta('one'), delta('one'), completed('one'), ended('one'));
    await soon(async () => wordsOf(await store.journal.read(id, 0))).toEqual(['3-5', 'completed', 'turn.ended']);
    await soon(() => reads.mock.calls.some(([, after]) => after === 7)).toBe(true);
    reads.mockClear();
    await tell(run, delta('two'), delta('two'), completed('two'), delta('two', 'open'), ended('two'), delta('three'));
    await soon(() => reads.mock.calls.length).toBeGreaterThan(0);
    expect(reads.mock.calls[0]).toEqual([id, 7]);
    await soon(async () => wordsOf(await store.journal.read(id, 7))).toEqual([
      '8-9',
      'completed',
      'delta',
      'turn.ended',
      'delta',
    ]);
    reads.mockClear();
    await tell(run, ended('three'));
    await soon(() => reads.mock.calls.length).toBeGreaterThan(0);
    expect(reads.mock.calls[0]).toEqual([id, 12]);
    expect(await engine.runs.find(id)).toMatchObject({ state: 'running' });
  });

  it('keeps what grows in one turn while another one ends, and compacts all of it with its own', async () => {
    const { engine, store } = await openEngine();
    const task = stuck('task', { graceMs: 1 });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const run = await task.began;
    await tell(run, delta('main'), delta('main'), ended('sub', 'sub-agent'), delta('main'), delta('main'));
    const compact = vi.spyOn(store.journal, 'compact');
    await tell(run, completed('main'), ended('main'));
    await soon(async () => wordsOf(await store.journal.read(id, 0))).toEqual([
      '3-4',
      'turn.ended',
      '6-7',
      'completed',
      'turn.ended',
    ]);
    expect(compact).toHaveBeenCalledOnce();
  });

  it('is compacted by whoever takes it up, of the turns that ended before its process died', async () => {
    const first = await openEngine();
    const task = stuck('task', { canRecover: true });
    await first.engine.tasks.define(task);
    const { id } = await first.engine.launch('task');
    vi.spyOn(first.store.journal, 'compact').mockReturnValue(new Promise(() => {})); // it dies before that
    await tell(await task.began, delta('one'), delta('one'), completed('one'), ended('one'), delta('two'));
    expect(wordsOf(await first.store.journal.read(id, 0))).toHaveLength(5);
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    const again = stuck('task', { canRecover: true, graceMs: 1 });
    await engine.tasks.define(again);
    await again.began;
    await soon(async () => wordsOf(await store.journal.read(id, 0))).toEqual([
      '3-4',
      'completed',
      'turn.ended',
      'delta',
    ]);
    expect(await engine.runs.find(id)).toMatchObject({ state: 'running', claim: 2 });
  });

  it('is compacted also when it is ended while nobody works on it', async () => {
    const first = await openEngine();
    const task = stuck('task');
    await first.engine.tasks.define(task);
    const { id } = await first.engine.launch('task');
    await tell(await task.began, delta('one'), delta('one'), completed('one'));
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      await engine.controls.cancel(id, 'enough');
      await vi.advanceTimersByTimeAsync(5_000);
    } finally {
      vi.useRealTimers();
    }
    await engine.runs.outcome(id);
    await soon(async () => wordsOf(await store.journal.read(id, 0))).toEqual(['3-4', 'completed', 'run.ended']);
  });

  it('goes on as if nothing were when it cannot be compacted', async () => {
    const { engine, store } = await openEngine();
    const compact = vi.spyOn(store.journal, 'compact').mockRejectedValue(new Error('no'));
    await engine.tasks.define(
      taskOf(async (context) => {
        await tell(context, delta('one'), delta('one'), completed('one'), ended('one'));
        return { status: 'done', text: 'all the same', durationMs: 1, usage: createRunView().usage, turns: 1 };
      }),
    );
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'all the same' });
    await soon(() => compact.mock.calls.length).toBeGreaterThan(0);
  });
});

/** A journal that is compacted as that of a store is. */
class MemoryJournal implements Pick<Journal, 'readPiece' | 'compact'> {
  events: RunEvent[] = [];

  async readPiece(_runId: string, after: number): Promise<JournalPiece> {
    return JournalPiece.ofEvents(this.events.filter(({ seq }) => seq > after).slice(0, 7));
  }

  async compact(_runId: string, ranges: readonly JournalRange[]): Promise<void> {
    for (const { from, to } of ranges) {
      this.events = this.events.filter(({ seq }) => seq < from || seq >= to);
      this.events = this.events.map((event) =>
        event.seq === to ? { seq: to, at: event.at, type: 'journal.compacted', from } : event,
      );
    }
  }
}

it('a journal that is compacted again and again, wherever it stands, shows the same to whoever reads on from anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(journals, fc.array(fc.nat(), { maxLength: 6 }), fc.nat(), async (events, stops, from) => {
      const journal = new MemoryJournal();
      let [told, after] = [0, 0];
      for (const stop of [...stops.map((at) => at % (events.length + 1)).sort((a, b) => a - b), events.length]) {
        journal.events.push(...events.slice(told, stop));
        told = stop;
        after = await compactJournal(journal, 'run', after);
        expect(journal.events.reduce(applyEvent, createRunView())).toEqual(
          events.slice(0, stop).reduce(applyEvent, createRunView()),
        );
      }
      await compactJournal(journal, 'run', 0);
      const whole = events.reduce(applyEvent, createRunView());
      const early = events.slice(0, from % (events.length + 1)).reduce(applyEvent, createRunView());
      expect(journal.events.filter(({ seq }) => seq > early.seq).reduce(applyEvent, early)).toEqual(whole);
      // Each gap is told by the marker behind it.
      let last = 0;
      for (const event of journal.events) {
        expect(event.type === 'journal.compacted' ? event.from : event.seq).toBe(last + 1);
        last = event.seq;
      }
    }),
    { numRuns: 300 },
  );
});
