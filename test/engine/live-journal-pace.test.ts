import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { JournalPiece } from '../../src/contract/journal-piece.ts';
import { LiveJournal } from '../../src/engine/live-journal.ts';
import type { JournalEntry } from '../../src/store/store.ts';
import { notice } from '../support/stored-run.ts';

/** Longer than this no delta may wait for more of its kind, in milliseconds. */
const LIMIT_MS = 50;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
});

/** A journal over a store that notes when each event was written. */
function makeJournal() {
  const written: { readonly event: RunEvent; readonly at: number }[] = [];
  const store = {
    append: async ({ events }: JournalEntry) => {
      for (const event of events) written.push({ event, at: performance.now() });
    },
    readPiece: async () => JournalPiece.ofEvents([]),
  };
  return { journal: new LiveJournal({ store, runId: 'run', claim: 0, lastSeq: 0 }), written };
}

const delta = (text: string): RunEventBody => ({
  type: 'item.delta',
  turnId: 'turn',
  itemId: 'item',
  part: 'text',
  delta: text,
});
const textOf = ({ event }: { readonly event: RunEvent }) => (event.type === 'item.delta' ? event.delta : '');

describe('what an agent says in pieces', () => {
  it(`is written at once after a pause, and lets nobody wait for longer than ${LIMIT_MS} ms, however steadily it comes`, async () => {
    const { journal, written } = makeJournal();
    const came: number[] = [];
    for (let piece = 0; piece < 200; piece++) {
      came.push(performance.now());
      journal.emit(delta('x'));
      await vi.advanceTimersByTimeAsync(7);
    }
    await vi.advanceTimersByTimeAsync(LIMIT_MS);
    expect(written[0]).toMatchObject({ event: { seq: 1, delta: 'x' }, at: came[0] });
    const waits = written
      .flatMap((entry) => [...textOf(entry)].map(() => entry.at))
      .map((at, piece) => at - (came[piece] ?? 0));
    expect(waits).toHaveLength(200);
    expect(Math.max(...waits)).toBeLessThanOrEqual(LIMIT_MS);
    expect(written.length, 'and is written together').toBeLessThanOrEqual((200 * 7) / LIMIT_MS + 2);
  });

  it('is written at once with what is said of anything else, and in its order', async () => {
    const { journal, written } = makeJournal();
    journal.emit(delta('first'));
    await vi.advanceTimersByTimeAsync(1);
    journal.emit(delta('second'));
    journal.emit(notice('something else'));
    await vi.advanceTimersByTimeAsync(0);
    expect(written.map((entry) => textOf(entry) || entry.event.type)).toEqual(['first', 'second', 'notice']);
    expect(written.at(-1)?.at).toBe(performance.now());
  });

  it('is written at once when somebody asks for it', async () => {
    const { journal, written } = makeJournal();
    journal.emit(delta('first'));
    await vi.advanceTimersByTimeAsync(1);
    journal.emit(delta('second'));
    await journal.written();
    expect(written.map(textOf)).toEqual(['first', 'second']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
