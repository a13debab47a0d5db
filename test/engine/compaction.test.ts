import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import { compactJournal } from '../../src/engine/compaction.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { compacted, supersededRanges } from '../support/compacted.ts';
import { testDirectory } from '../support/directories.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { journals } from '../support/journal.ts';
import { notice, numbered } from '../support/stored-run.ts';

const at = { turnId: 'turn' };
const delta = (itemId: string, text = 'x'): RunEventBody => ({
  type: 'item.delta',
  ...at,
  itemId,
  part: 'text',
  delta: text,
});
const completed = (id: string): RunEventBody => ({
  type: 'item.completed',
  ...at,
  item: { kind: 'agentMessage', id, text: 'xxx' },
});
const progress = (percent: number): RunEventBody => ({ type: 'progress', percent, message: `${percent} of 100` });

describe('compaction', () => {
  it('takes the deltas of items that were told whole later, and nothing else', () => {
    const events = numbered([
      delta('a'),
      delta('a'),
      delta('b'),
      notice('between'),
      delta('a'),
      delta('b'),
      delta('b'),
      completed('a'),
      delta('a'),
    ]);
    expect(supersededRanges(events)).toEqual([{ from: 1, to: 2 }]);
    expect(supersededRanges([...events, ...numbered([completed('b')], 9)])).toEqual([
      { from: 1, to: 3 },
      { from: 5, to: 7 },
    ]);
  });

  it('takes what was told of the progress and told anew later, but never the last', () => {
    const events = numbered([
      progress(0),
      progress(10),
      notice('between'),
      progress(20),
      delta('a'),
      delta('a'),
      progress(30),
      completed('a'),
      progress(100),
    ]);
    expect(supersededRanges(events)).toEqual([
      { from: 1, to: 2 },
      { from: 4, to: 7 },
    ]);
  });

  it('does not mix items of the same name in other turns', () => {
    const other = { ...completed('a'), turnId: 'another' } as RunEventBody;
    expect(supersededRanges(numbered([delta('a'), delta('a'), other]))).toEqual([]);
  });

  it('changes nothing of what one sees', () => {
    fc.assert(
      fc.property(journals, (events) => {
        const all = events.reduce(applyEvent, createRunView());
        expect(compacted(events).reduce(applyEvent, createRunView())).toEqual(all);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a reader in the middle of a range where he is: he goes on behind it', async () => {
    const store = await openSqliteStore(testDirectory());
    onTestFinished(() => store.close());
    await store.runs.add({ id: 'a', taskId: 'task' });
    const events = numbered([delta('a'), delta('a'), delta('a'), completed('a'), notice('after')]);
    await store.journal.append({ runId: 'a', claim: 0, events });
    await compactJournal(store.journal, 'a', 0);
    expect((await store.journal.read('a', 0)).map(({ seq, type }) => [seq, type])).toEqual([
      [3, 'journal.compacted'],
      [4, 'item.completed'],
      [5, 'notice'],
    ]);
    expect((await store.journal.read('a', 2))[0]).toMatchObject({ seq: 3, from: 1 });
    await compactJournal(store.journal, 'a', 0);
    expect(await store.journal.read('a', 0)).toHaveLength(3);
  });

  it('leaves of a run that told its progress a thousand times the last of it', async () => {
    const { engine, store } = await openEngine();
    const percents = Array.from({ length: 1_000 }, (_, index) => index / 10);
    const task = taskOf(async (context) => {
      // Not by `context.progress`, which tells ten of a second only.
      for (const percent of percents) context.emit(progress(percent));
      return done();
    });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    await expect.poll(() => store.journal.read(id, 0)).toHaveLength(5);
    const events = await store.journal.read(id, 0);
    expect(events.map(({ type }) => type)).toEqual([
      'run.state',
      'run.state',
      'journal.compacted',
      'progress',
      'run.ended',
    ]);
    expect(events.reduce(applyEvent, createRunView()).progress).toEqual({ percent: 99.9, message: '99.9 of 100' });
  });
});
