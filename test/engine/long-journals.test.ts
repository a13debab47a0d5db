import { setImmediate as breathe } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { readEvents } from '../../src/engine/event-tail.ts';
import { viewOf } from '../../src/engine/history.ts';
import { LiveJournal } from '../../src/engine/live-journal.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { notice, numbered } from '../support/stored-run.ts';

const EVENTS = 20_000;
/** As many are in a page. */
const PAGE = 500;

/** How often others get their turn while something is done. */
async function turnsDuring(act: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    for (; !isOver; turns++) await breathe();
  })();
  await act();
  isOver = true;
  await others;
  return turns;
}

async function count(events: AsyncIterable<RunEvent>): Promise<void> {
  let read = 0;
  for await (const _ of events) read++;
  expect(read).toBe(EVENTS);
}

async function longJournal(): Promise<Store> {
  const store = await openSqliteStore(testDirectory());
  await store.runs.add({ id: 'run', taskId: 'task' });
  const events = numbered(Array.from({ length: EVENTS }, (_, index) => notice(`event ${index}`)));
  await store.journal.append({ runId: 'run', claim: 0, events });
  return store;
}

it.each<[string, number, (store: Store) => Promise<unknown>]>([
  ['is read', EVENTS / PAGE, ({ journal }) => count(readEvents(journal, 'run', 0))],
  [
    'is seen',
    EVENTS / PAGE,
    async ({ journal }) => expect((await viewOf(readEvents(journal, 'run', 0))).seq).toBe(EVENTS),
  ],
  [
    'is read while it goes on',
    EVENTS / PAGE,
    async ({ journal }) => {
      const live = new LiveJournal({ store: journal, runId: 'run', claim: 0, lastSeq: EVENTS });
      live.close(); // a reader comes to the end of what is there
      await count(live.events());
    },
  ],
  ['is compacted, in one stretch', EVENTS / 2_000, ({ journal }) => journal.compact('run', [{ from: 1, to: EVENTS }])],
  [
    'is compacted, in many short ones',
    EVENTS / 4 / 100,
    ({ journal }) => {
      const pairs = Array.from({ length: EVENTS / 4 }, (_, index) => ({ from: index * 4 + 1, to: index * 4 + 2 }));
      return journal.compact('run', pairs);
    },
  ],
  ['is removed', EVENTS / 2_000 - 1, ({ runs }) => runs.remove('run')],
])('a long journal that %s lets others have their turn %i times meanwhile', async (_, pieces, act) => {
  await using store = await longJournal();
  expect(await turnsDuring(() => act(store))).toBeGreaterThanOrEqual(pieces);
});

it('a long journal is removed wholly with its run', async () => {
  await using store = await longJournal();
  await store.runs.remove('run');
  expect([await store.journal.read('run', 0), await store.runs.find('run')]).toEqual([[], undefined]);
});
