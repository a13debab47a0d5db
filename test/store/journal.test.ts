import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { notice, numbered } from '../support/stored-run.ts';

let store: Store;

beforeEach(async () => {
  store = await openSqliteStore(testDirectory());
  onTestFinished(() => store.close());
  await store.runs.add({ id: 'a', taskId: 'nightly' });
});

const many = (count: number, after = 0) =>
  numbered(
    Array.from({ length: count }, (_, index) => notice(`event ${after + index + 1}`)),
    after,
  );

async function readAll(runId: string, after = 0) {
  const events = [];
  for (let page = await store.journal.read(runId, after); page.length > 0; ) {
    events.push(...page);
    page = await store.journal.read(runId, events.at(-1)?.seq ?? 0);
  }
  return events;
}

describe('a journal', () => {
  it('gives what was written, after any number, whatever the size of the pieces', async () => {
    const events = many(1_237);
    for (const [from, to] of [
      [0, 1],
      [1, 12],
      [12, 700],
      [700, 1_237],
    ] as const) {
      await store.journal.append({ runId: 'a', claim: 0, events: events.slice(from, to) });
    }
    expect(await readAll('a')).toEqual(events);
    expect(await readAll('a', 1_236)).toEqual(events.slice(1_236));
    expect(await store.journal.read('a', 1_237)).toEqual([]);
    expect(await store.runs.find('a')).toMatchObject({ lastSeq: 1_237 });
  });

  it('writes what comes at once in one order, each run for itself', async () => {
    await store.runs.add({ id: 'b', taskId: 'nightly' });
    const events = many(300);
    const written = events.flatMap((event) =>
      ['a', 'b'].map((runId) => store.journal.append({ runId, claim: 0, events: [event] })),
    );
    await Promise.all(written);
    expect(await readAll('a')).toEqual(events);
    expect(await readAll('b')).toEqual(events);
  });

  it('refuses a number that does not follow the newest one', async () => {
    await store.journal.append({ runId: 'a', claim: 0, events: many(3) });
    for (const events of [many(1, 2), many(1, 4)]) {
      expect((await failureOf(store.journal.append({ runId: 'a', claim: 0, events }))).code).toBe('claim-lost');
    }
    expect(await readAll('a')).toHaveLength(3);
  });

  it('refuses one writer without harm to the others of the same commit', async () => {
    await store.runs.add({ id: 'b', taskId: 'nightly' });
    await store.runs.claim('b');
    const [mine, stale] = await Promise.allSettled([
      store.journal.append({ runId: 'a', claim: 0, events: many(2) }),
      store.journal.append({ runId: 'b', claim: 0, events: many(2) }),
    ]);
    expect(mine.status).toBe('fulfilled');
    expect(stale).toMatchObject({ status: 'rejected', reason: { code: 'claim-lost' } });
    expect(await readAll('a')).toHaveLength(2);
    expect(await readAll('b')).toEqual([]);
  });

  it('changes the run together with its events, in the order in which they were given', async () => {
    const [first, second, third] = many(3);
    await Promise.all([
      store.journal.append({ runId: 'a', claim: 0, events: [first as never], change: { state: 'starting' } }),
      store.journal.append({ runId: 'a', claim: 0, events: [second as never] }),
      store.journal.append({
        runId: 'a',
        claim: 0,
        events: [third as never],
        change: { state: 'running' },
        from: ['starting'],
      }),
    ]);
    expect(await store.runs.find('a')).toMatchObject({ state: 'running', lastSeq: 3 });
  });

  it('gives large events page by page', async () => {
    const large = numbered(Array.from({ length: 8 }, () => notice('x'.repeat(3_000_000))));
    await store.journal.append({ runId: 'a', claim: 0, events: large });
    expect(await store.journal.read('a', 0)).toHaveLength(1);
    expect(await readAll('a')).toEqual(large);
  });

  it('keeps any text as it was', async () => {
    const odd = numbered([
      notice('\u0000 "quotes" \\ \ud800 🙂'),
      { type: 'codex.notification', method: 'm', params: { __proto__: null } },
    ]);
    await store.journal.append({ runId: 'a', claim: 0, events: odd });
    expect(await readAll('a')).toEqual(JSON.parse(JSON.stringify(odd)));
  });

  it('puts one marker in the place of what was compacted', async () => {
    await store.journal.append({ runId: 'a', claim: 0, events: many(10) });
    await store.journal.compact('a', [
      { from: 2, to: 4 },
      { from: 7, to: 7 },
    ]);
    const events = await readAll('a');
    expect(events.map(({ seq }) => seq)).toEqual([1, 4, 5, 6, 7, 8, 9, 10]);
    expect(events[1]).toMatchObject({ type: 'journal.compacted', from: 2 });
    expect(events[4]).toMatchObject({ type: 'journal.compacted', from: 7 });
    expect(await store.journal.read('a', 3)).toEqual(events.slice(1));
  });

  it('gives a page whole also when it is compacted just then', async () => {
    await store.journal.append({ runId: 'a', claim: 0, events: many(10) });
    const [page] = await Promise.all([
      store.journal.read('a', 0),
      store.journal.compact('a', [{ from: 1, to: 9 }]),
      store.journal.compact('a', [{ from: 9, to: 10 }]),
    ]);
    expect(page.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('writes all that can be written of what comes at once', async () => {
    await store.runs.add({ id: 'b', taskId: 'nightly' });
    const bad = numbered([{ type: 'codex.notification', method: 'x', params: 1n }]);
    const [poisoned, other] = await Promise.allSettled([
      store.journal.append({ runId: 'a', claim: 0, events: bad }),
      store.journal.append({ runId: 'b', claim: 0, events: many(3) }),
    ]);
    expect([poisoned?.status, other?.status]).toEqual(['rejected', 'fulfilled']);
    expect(await readAll('b')).toHaveLength(3);
    expect(await readAll('a')).toEqual([]);
  });

  it('has everything that was given by the time it is closed', async () => {
    const directory = testDirectory();
    const other = await openSqliteStore(directory);
    await other.runs.add({ id: 'a', taskId: 'nightly' });
    const written = other.journal.append({ runId: 'a', claim: 0, events: many(5) });
    await other.close();
    await written;
    await using again = await openSqliteStore(directory);
    expect(await again.journal.read('a', 0)).toHaveLength(5);
  });
});
