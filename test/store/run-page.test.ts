import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunQuery } from '../../src/contract/run-query.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { RunEntry, Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { filters, inOrder, listedRuns, matches, put, requestOf, SORTS } from '../support/listed-runs.ts';
import { numbered } from '../support/stored-run.ts';

async function openStore(): Promise<Store> {
  const store = await openSqliteStore(testDirectory('pages'));
  onTestFinished(() => store.close());
  return store;
}

/** All pages, one after the other. */
async function pagesOf(store: Store, query: RunQuery): Promise<RunEntry[][]> {
  const pages: RunEntry[][] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { entries, next } = await store.runs.page({ ...query, ...(cursor !== undefined && { cursor }) });
    pages.push(entries);
    cursor = next;
    if (pages.length > 200) throw new Error('the pages have no end');
  }
  return pages;
}

describe('a list of runs in pages', () => {
  it('gives every run that matches once, in its order, whatever the filter, the order and the size of a page', async () => {
    const queries = fc.array(
      fc.record({ filter: filters, sort: fc.constantFrom(...SORTS), limit: fc.integer({ min: 1, max: 5 }) }),
      { minLength: 20, maxLength: 20 },
    );
    const property = fc.asyncProperty(listedRuns, queries, async (runs, all) => {
      await using store = await openSqliteStore(testDirectory('pages'));
      for (const run of runs) await put(store, run);
      for (const { filter, sort, limit } of all) {
        const wanted = inOrder(
          runs.filter((run) => matches(run, filter)),
          sort,
        );
        const pages = await pagesOf(store, { ...filter, sort, limit });
        expect(pages.flat().map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        expect(pages.flat().map(({ openRequests }) => openRequests > 0)).toEqual(
          wanted.map(({ isWaiting }) => isWaiting),
        );
      }
    });
    await fc.assert(property, { numRuns: 20 });
  });

  it('shows the newest first, a hundred of them, unless told otherwise', async () => {
    const store = await openStore();
    const timeOf = (n: number) => new Date(Date.UTC(2026, 10, 24) + n).toISOString();
    for (let n = 0; n < 101; n++) await store.runs.add({ id: `run-${n}`, taskId: 'nightly', createdAt: timeOf(n) });
    const [first = [], second = []] = await pagesOf(store, {});
    expect([first.length, first[0]?.id, second.map(({ id }) => id)]).toEqual([100, 'run-100', ['run-0']]);
  });

  it('goes on where it was when runs have come and gone meanwhile', async () => {
    const store = await openStore();
    for (const id of ['a', 'b', 'c', 'd']) {
      await store.runs.add({ id, taskId: 'nightly', createdAt: '2026-11-24T10:00:00.000Z' });
    }
    const { next } = await store.runs.page({ sort: 'createdAt', limit: 2 });
    await store.runs.remove('b'); // the very one that the page has ended with
    await store.runs.add({ id: 'aa', taskId: 'nightly', createdAt: '2026-11-24T10:00:00.000Z' });
    const { entries } = await store.runs.page({ sort: 'createdAt', limit: 2, cursor: next ?? '' });
    expect(entries.map(({ id }) => id)).toEqual(['c', 'd']);
  });

  it('takes the longest name into its cursor, whatever it is made of', async () => {
    const store = await openStore();
    for (const unit of ['\u0001', '"', '語', '🦜', 'İ']) {
      for (const id of ['a', 'b']) {
        await store.runs.add({ id: `${id}${unit}`, taskId: 'nightly', name: unit.repeat(200 / unit.length) });
      }
    }
    const pages = await pagesOf(store, { sort: 'name', limit: 1 });
    expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(10);
    for (const cursor of await cursorsOf(store)) expect(cursor.length).toBeLessThanOrEqual(2000);
  });

  it.each([
    ['nothing', ''],
    ['no base64', '***'],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['other JSON', Buffer.from('{"sort":"name"}').toString('base64url')],
    ['a time that is none', Buffer.from('["name",null,"a","b"]').toString('base64url')],
    ['another order', Buffer.from('["-name","a","b","c"]').toString('base64url')],
    ['a number', Buffer.from('["name",1,"b","c"]').toString('base64url')],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    const store = await openStore();
    const failure = await failureOf(store.runs.page({ sort: 'name', cursor }));
    expect(failure).toMatchObject({ code: 'invalid-input', details: { field: 'cursor' }, remedy: expect.any(String) });
    expect(failure.message).toMatch(/^cursor: (".*" is not one that this list gave|it is of a list sorted by)/);
  });
});

describe('an entry', () => {
  it('tells what lists show of a run, and nothing that may be long', async () => {
    const store = await openStore();
    const long = 'x'.repeat(100_000);
    const definition = { instructions: long };
    await store.runs.add({ id: 'a', taskId: 'nightly', name: 'Nightly', definition, params: long });
    const outcome = {
      ...({ status: 'failed', text: long, durationMs: 1, turns: 2 } as const),
      usage: { total: 30, input: 20, cached: 0, output: 10, reasoning: 0 },
      error: { code: 'turn-failed', message: 'it went wrong' } as const,
    };
    const digest = {
      ...{ activity: null, answer: null, isIdle: false, model: 'scripted', effort: 'low', turns: 2, tokens: 30 },
      ...{ contextTokens: 10, contextWindow: 100, progress: null, diff: { files: 1, added: 2, removed: 3 }, queued: 0 },
      lastEventAt: '2026-11-24T10:00:00.000Z',
    };
    const change = { state: 'failed', checkpoint: long, outcome, digest, endedAt: '2026-11-24T10:00:00.000Z' } as const;
    await store.journal.append({ runId: 'a', claim: 0, events: [], change });
    const { entries } = await store.runs.page({});
    expect(entries).toMatchObject([{ id: 'a', name: 'Nightly', error: outcome.error, digest, openRequests: 0 }]);
    expect(JSON.stringify(entries).length).toBeLessThan(1_000);
    expect(await store.runs.entries({ ids: ['a', 'nobody'] })).toEqual(entries);
    expect(await store.runs.find('a')).toMatchObject({ name: 'Nightly', digest, outcome });
  });

  it('is called as its task where nobody has given it a name', async () => {
    const store = await openStore();
    expect(await store.runs.add({ id: 'a', taskId: 'nightly' })).toMatchObject({ name: 'nightly', digest: null });
  });

  it('waits for nobody any more once its run has ended', async () => {
    const store = await openStore();
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    const events = numbered([{ type: 'request.opened', request: requestOf('a') }]);
    await store.journal.append({ runId: 'a', claim: 0, events });
    expect(await store.requests.backlog()).toEqual({ count: 1, oldestAt: events[0]?.at });
    const change = { state: 'cancelled', endedAt: '2026-11-25T10:00:00.000Z' } as const;
    await store.journal.append({ runId: 'a', claim: 0, events: [], change });
    expect((await store.runs.page({})).entries).toMatchObject([{ openRequests: 0 }]);
    expect(await store.requests.find('a', 'request-a')).toMatchObject({ state: 'closed', closedAt: change.endedAt });
    expect(await store.requests.backlog()).toEqual({ count: 0, oldestAt: null });
  });
});

async function cursorsOf(store: Store): Promise<string[]> {
  const { length } = await store.runs.list();
  const nexts = Array.from({ length }, async (_, at) => (await store.runs.page({ sort: 'name', limit: at + 1 })).next);
  return (await Promise.all(nexts)).flatMap((next) => next ?? []);
}
