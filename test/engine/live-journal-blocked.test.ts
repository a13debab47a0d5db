import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { JournalPiece } from '../../src/contract/journal-piece.ts';
import { LiveJournal, type LiveJournalOptions } from '../../src/engine/live-journal.ts';
import { OptioError } from '../../src/errors.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { notice } from '../support/stored-run.ts';

let store: Store;

beforeEach(async () => {
  store = await openSqliteStore(testDirectory());
  onTestFinished(() => store.close());
});

/** The journal of a new run, over a store that behaves otherwise. */
async function makeJournal(options: Partial<LiveJournalOptions>): Promise<LiveJournal & { readonly id: string }> {
  const id = 'run';
  await store.runs.add({ id, taskId: 'nightly' });
  const journal = new LiveJournal({ store: store.journal, runId: id, claim: 0, lastSeq: 0, ...options });
  return Object.assign(journal, { id });
}

describe('a store that takes nothing', () => {
  it('is tried again until it does: nothing is lost, and both is told', async () => {
    let isFull = true;
    const told: (string | undefined)[] = [];
    const journal = await makeJournal({
      store: {
        append: async (entry) => {
          if (isFull) throw new OptioError('store-full', 'no space');
          await store.journal.append(entry);
        },
        readPiece: (...args) => store.journal.readPiece(...args),
      },
      onBlocked: (error) => {
        told.push(error?.code);
        isFull = false;
      },
    });
    journal.emit(notice('one'));
    const written = journal.written();
    journal.emit(notice('two'));
    await written;
    await journal.written();
    expect(told).toEqual(['store-full', undefined]);
    expect(await store.journal.read(journal.id, 0)).toMatchObject([{ message: 'one' }, { message: 'two' }]);
  });
});

describe('a journal that is closed while the store takes nothing', () => {
  it('asks it no more, and tells whoever waits', async () => {
    const asked = Promise.withResolvers<void>();
    let times = 0;
    const journal = await makeJournal({
      store: {
        append: async () => {
          times++;
          asked.resolve();
          throw new OptioError('store-full', 'no space');
        },
        readPiece: async () => JournalPiece.ofEvents([]),
      },
    });
    journal.emit(notice('one'));
    const [early, late] = [journal.written(), journal.change({ change: { checkpoint: 1 } })];
    await asked.promise;
    journal.close();
    for (const waiting of [early, late, journal.written()]) expect((await failureOf(waiting)).code).toBe('claim-lost');
    expect(times).toBe(1);
  });
});

describe('a store that takes nothing for too long', () => {
  it('lets the run go, which can be taken up again from what is written', async () => {
    const lost = Promise.withResolvers<OptioError>();
    const journal = await makeJournal({
      store: { append: () => new Promise(() => {}), readPiece: (...args) => store.journal.readPiece(...args) },
      onLost: lost.resolve,
    });
    for (let n = 0; n < 70; n++) {
      journal.emit(notice('x'.repeat(1024 * 1024)));
      await new Promise(setImmediate);
    }
    expect((await lost.promise).code).toBe('store-full');
    expect((await failureOf(journal.written())).code).toBe('store-full');
  });
});
