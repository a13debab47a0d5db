import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import { LiveJournal, type LiveJournalOptions } from '../../src/engine/live-journal.ts';
import type { OptioError } from '../../src/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Journal, Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { journals } from '../support/journal.ts';
import { notice } from '../support/stored-run.ts';

let store: Store;
let runs = 0;

beforeEach(async () => {
  store = await openSqliteStore(testDirectory());
  onTestFinished(() => store.close());
});

/** The journal of a new run, over a store that may be told to behave otherwise. */
async function makeJournal(options: Partial<LiveJournalOptions> = {}): Promise<LiveJournal & { readonly id: string }> {
  const id = `run-${++runs}`;
  await store.runs.add({ id, taskId: 'nightly' });
  const journal = new LiveJournal({ store: store.journal, runId: id, claim: 0, lastSeq: 0, ...options });
  return Object.assign(journal, { id });
}

const END: RunEventBody = {
  type: 'run.ended',
  outcome: {
    status: 'done',
    text: '',
    durationMs: 0,
    usage: { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 },
    turns: 0,
  },
};
const delta = (text: string, itemId = 'item'): RunEventBody => ({
  type: 'item.delta',
  turnId: 'turn',
  itemId,
  part: 'text',
  delta: text,
});

async function readAll(journal: LiveJournal, after = 0): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of journal.events({ after })) events.push(event);
  return events;
}

describe('a live journal', () => {
  it('numbers what happens from 1 without a gap, and has it in the store', async () => {
    const journal = await makeJournal();
    for (let n = 1; n <= 500; n++) journal.emit(notice(`${n}`));
    journal.emit(END);
    const events = await readAll(journal);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 501 }, (_, index) => index + 1));
    expect(await store.journal.read(journal.id, 0)).toEqual(events.slice(0, 500));
  });

  it('goes on from the number that it is told', async () => {
    const first = await makeJournal();
    first.emit(notice('one'));
    await first.written();
    first.close();
    const second = new LiveJournal({ store: store.journal, runId: first.id, claim: 0, lastSeq: first.lastSeq });
    second.emit(END);
    expect((await readAll(second)).map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'notice'],
      [2, 'run.ended'],
    ]);
  });

  it('gives a reader nothing that is not written', async () => {
    const held = Promise.withResolvers<void>();
    const slow: Pick<Journal, 'append' | 'readPiece'> = {
      append: (entry) => held.promise.then(() => store.journal.append(entry)),
      readPiece: (...args) => store.journal.readPiece(...args),
    };
    const journal = await makeJournal({ store: slow });
    journal.emit(notice('one'));
    const reader = journal.events()[Symbol.asyncIterator]();
    const first = reader.next();
    const written = journal.written();
    expect(await Promise.race([first, new Promise((resolve) => setImmediate(resolve, 'nothing'))])).toBe('nothing');
    held.resolve();
    await written;
    expect(await first).toMatchObject({ value: { seq: 1 } });
  });

  it('makes one of the deltas of an item that come at once, and mixes no two items', async () => {
    const journal = await makeJournal();
    for (let n = 0; n < 100; n++) {
      journal.emit(delta('a'));
      journal.emit(delta('b', 'other'));
    }
    journal.emit(notice('between'));
    journal.emit(delta('c'));
    journal.emit(END);
    const events = await readAll(journal);
    expect(events).toMatchObject([
      { itemId: 'item', delta: 'a'.repeat(100) },
      { itemId: 'other', delta: 'b'.repeat(100) },
      { message: 'between' },
      { itemId: 'item', delta: 'c' },
      { type: 'run.ended' },
    ]);
  });

  it('shows every delta, also when nothing comes after it', async () => {
    const journal = await makeJournal();
    const reader = journal.events()[Symbol.asyncIterator]();
    for (let n = 1; n <= 20; n++) {
      journal.emit(delta(`${n}`));
      expect(await reader.next()).toMatchObject({ value: { seq: n, delta: `${n}` } });
    }
  });

  it('changes nothing of an event that it was given', async () => {
    const journal = await makeJournal();
    const first = delta('a');
    journal.emit(first);
    journal.emit(delta('b'));
    await journal.written();
    expect(first).toEqual(delta('a'));
  });

  it('brings every reader all events once, whenever he comes and however slow he is', async () => {
    const journal = await makeJournal();
    const readers: Promise<RunEvent[]>[] = [];
    for (let n = 1; n <= 5_000; n++) {
      journal.emit(notice('x'.repeat(400)));
      if (n % 1_000 === 0) {
        readers.push(readAll(journal));
        await journal.written();
      }
    }
    const slow = journal.events()[Symbol.asyncIterator]();
    await slow.next();
    journal.emit(END);
    readers.push(readAll(journal, 4_999));
    for (const events of await Promise.all(readers)) {
      const numbers = events.map(({ seq }) => seq);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => 5_001 - numbers.length + index + 1));
    }
    expect(await slow.next()).toMatchObject({ value: { seq: 2 } });
  });

  it('shows the same run, whatever was made of its deltas', async () => {
    await fc.assert(
      fc.asyncProperty(journals, async (events) => {
        const journal = await makeJournal();
        for (const { seq: _seq, at: _at, ...body } of events) journal.emit(body as RunEventBody);
        await journal.written();
        journal.close();
        const expected = events.reduce(applyEvent, createRunView());
        const seen = (await readAll(journal)).reduce(applyEvent, createRunView());
        const withoutTimes = { seq: 0, startedAt: null, activeSince: null, activeMs: 0 };
        expect({ ...seen, ...withoutTimes }).toEqual({ ...expected, ...withoutTimes });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a change', () => {
  it('is on disk with all that was emitted before, and with what the journal tells of it', async () => {
    const journal = await makeJournal();
    journal.emit(notice('before'));
    await journal.change({
      change: { state: 'starting' },
      from: ['scheduled'],
      events: [{ type: 'run.state', state: 'starting' }],
    });
    expect(await store.runs.find(journal.id)).toMatchObject({ state: 'starting', lastSeq: 2 });
  });

  it('that comes too late is refused and told to nobody, and the run goes on', async () => {
    const journal = await makeJournal();
    journal.emit(notice('before'));
    const late = journal.change({ change: { state: 'done' }, from: ['running'], events: [END] });
    expect((await failureOf(late)).code).toBe('state-changed');
    journal.emit(notice('after'));
    await journal.written();
    expect(await store.journal.read(journal.id, 0)).toMatchObject([{ message: 'before' }, { message: 'after' }]);
  });
});

describe('a run that was taken over', () => {
  it('is written no more, and that is told', async () => {
    const lost = Promise.withResolvers<OptioError>();
    const journal = await makeJournal({ onLost: lost.resolve });
    await store.runs.claim(journal.id);
    journal.emit(notice('late'));
    expect((await lost.promise).code).toBe('claim-lost');
    expect((await failureOf(journal.written())).code).toBe('claim-lost');
    expect(await store.journal.read(journal.id, 0)).toEqual([]);
  });
});

describe('more than can be written at once', () => {
  const tooMuch = 33 * 1024 * 1024;

  it('is refused, in one event or in many, and nothing else is lost', async () => {
    const journal = await makeJournal();
    expect(() => journal.emit(notice('x'.repeat(tooMuch)))).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    const many = () => {
      for (let n = 0; n < 33; n++) journal.emit(notice('y'.repeat(1024 * 1024)));
    };
    expect(many).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    await journal.written();
    journal.emit(notice('after'));
    await journal.written();
    expect(journal.lastSeq).toBe(32);
    expect(await store.journal.read(journal.id, 31)).toMatchObject([{ message: 'after' }]);
  });

  it('is refused as a change', async () => {
    const journal = await makeJournal();
    const change = journal.change({ change: { checkpoint: 'x'.repeat(tooMuch) } });
    expect((await failureOf(change)).code).toBe('invalid-input');
    await journal.change({ change: { checkpoint: 'small' } });
    expect(await store.runs.find(journal.id)).toMatchObject({ checkpoint: 'small' });
  });
});
