import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { JournalPiece } from '../../src/contract/journal-piece.ts';
import { compactJournal } from '../../src/engine/compaction.ts';
import { LiveJournal } from '../../src/engine/live-journal.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { heap } from '../support/heap.ts';
import { notice } from '../support/stored-run.ts';

const DELTAS = 1_000_000;
/** How many of them an item has. */
const OF_ITEM = 8;
const PIECE = 1_000;
const MEGABYTE = 1024 * 1024;

it('takes a million deltas in one run, with a reader who sees all of their text, in memory that does not grow', async () => {
  const { engine } = await openEngine();
  const half: number[] = [];
  let itemId = '';
  const task = taskOf(async (context) => {
    for (let sent = 0; sent < DELTAS; sent += PIECE) {
      for (let index = sent; index < sent + PIECE; index++) {
        if (index % OF_ITEM === 0) itemId = randomUUID();
        context.emit({ type: 'item.delta', turnId: 'turn', itemId, part: 'text', delta: 'sixteen letters.' });
      }
      await context.written();
      await breathe();
      if (sent + PIECE === DELTAS / 2 || sent + PIECE === DELTAS) half.push(heap());
    }
    return done();
  });
  await engine.tasks.define(task);
  const { id } = await engine.launch('task');
  let read = 0;
  for await (const event of engine.runs.events(id)) if (event.type === 'item.delta') read += event.delta.length;
  expect(read).toBe(DELTAS * 16);
  const [middle = 0, end = 0] = half;
  expect(end - middle).toBeLessThan(2 * MEGABYTE);
});

it('compacts a million deltas, of which none needs to stay, in memory that does not grow', async () => {
  const half: number[] = [];
  const delta = { type: 'item.delta', turnId: 'turn', part: 'text', delta: 'sixteen letters.' } as const;
  const at = '2026-11-24T10:00:00.000Z';
  let compacted = 0;
  const journal = {
    readPiece: async (_: string, after: number): Promise<JournalPiece> => {
      if (after === DELTAS / 2 || after === DELTAS) half.push(heap());
      if (after === DELTAS) return JournalPiece.ofEvents([]);
      const events = Array.from({ length: PIECE }, (_, index): RunEvent => {
        const seq = after + index + 1;
        const id = `item ${Math.ceil(seq / OF_ITEM)}`;
        if (seq % OF_ITEM !== 0) return { seq, at, ...delta, itemId: id };
        return {
          seq,
          at,
          type: 'item.completed',
          turnId: 'turn',
          item: { kind: 'agentMessage', id, text: 'all of it' },
        };
      });
      return JournalPiece.ofEvents(events);
    },
    compact: async (_: string, ranges: readonly { readonly from: number; readonly to: number }[]) => {
      for (const { from, to } of ranges) compacted += to - from + 1;
    },
  };
  expect(await compactJournal(journal, 'run', 0)).toBe(DELTAS);
  expect(compacted).toBe(DELTAS - DELTAS / OF_ITEM);
  const [middle = 0, end = 0] = half;
  expect(end - middle).toBeLessThan(2 * MEGABYTE);
});

it('keeps nothing for a reader who stands still, though much is told; he misses none of it, and slows nobody', async () => {
  await using store = await openSqliteStore(testDirectory());
  await store.runs.add({ id: 'run', taskId: 'task' });
  const journal = new LiveJournal({ store: store.journal, runId: 'run', claim: 0, lastSeq: 0 });
  const events = 48 * 64;
  const text = () => randomBytes(8 * 1024).toString('hex');
  journal.emit(notice(text()));
  await journal.written();
  const stalled = journal.events()[Symbol.asyncIterator]();
  await stalled.next();
  let read = 0;
  const reader = (async () => {
    for await (const _ of journal.events()) read++;
  })();
  const before = heap();
  for (let told = 1; told < events; told++) {
    journal.emit(notice(text()));
    if (told % 64 === 0) await journal.written();
  }
  await journal.written();
  journal.close();
  await reader;
  expect(read, 'the other one has read all of it').toBe(events);
  expect(heap() - before, `of ${events * 16} kB`).toBeLessThan(8 * MEGABYTE);
  for (let seq = 2; seq <= events; seq++) expect((await stalled.next()).value?.seq).toBe(seq);
  expect(await stalled.next()).toMatchObject({ done: true });
});
