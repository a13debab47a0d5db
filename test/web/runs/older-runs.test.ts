import { expect, test } from 'vitest';
import type { RunQuery } from '../../../src/contract/run-query.ts';
import { OptioError } from '../../../src/errors.ts';
import { OlderRuns } from '../../../web/src/runs/older-runs.ts';
import { summaryOf } from '../../support/run-summary.ts';

/** A server with so many runs, from which pages of any size can be had. */
function serverWith(count: number) {
  const asked: RunQuery[] = [];
  const there = Array.from({ length: count }, (_, at) => summaryOf({ id: `run-${at}` }));
  const list = async (query: RunQuery = {}) => {
    asked.push(query);
    const from = Number(query.cursor ?? 0);
    const to = from + (query.limit ?? 100);
    return { runs: there.slice(from, to), next: to < there.length ? String(to) : null };
  };
  return { asked, there, list };
}

test('runs come page by page, and once each however often one asks meanwhile', async () => {
  const { list, asked } = serverWith(250);
  const older = new OlderRuns(list, { isArchived: true });
  await Promise.all([older.more(), older.more()]);
  expect([older.state.value.runs.length, older.state.value.hasMore, asked.length]).toEqual([100, true, 1]);
  await older.more();
  await older.more();
  await older.more();
  expect(new Set(older.state.value.runs.map(({ id }) => id)).size).toBe(250);
  expect([older.state.value.hasMore, asked.length]).toEqual([false, 3]);
  expect(asked[0]).toEqual({ isArchived: true, sort: '-endedAt', limit: 100 });
});

test('all of them come in large pages', async () => {
  const { list, asked } = serverWith(1_100);
  const older = new OlderRuns(list, {});
  expect(await older.all()).toBe(true);
  expect([older.state.value.runs.length, asked.map(({ limit }) => limit)]).toEqual([1_100, [500, 500, 500]]);
});

test('what was fetched is fetched anew once something of it has changed', async () => {
  const { list, there } = serverWith(120);
  const older = new OlderRuns(list, {});
  await older.reload();
  expect(older.state.value.runs).toEqual([]);
  await older.more();
  there.shift();
  await older.reload();
  expect([older.state.value.runs.length, older.state.value.runs[0]?.id]).toEqual([100, 'run-1']);
  await older.more();
  expect([older.state.value.runs.length, older.state.value.hasMore]).toEqual([119, false]);
});

test('what does not come is told, and can be tried again', async () => {
  const { list } = serverWith(10);
  let isBroken = true;
  const older = new OlderRuns(async (query) => {
    if (isBroken) throw new OptioError('store-failed', 'the disk is gone');
    return list(query);
  }, {});
  expect(await older.all()).toBe(false);
  expect(older.state.value).toMatchObject({
    problem: { message: 'the disk is gone' },
    hasMore: true,
    isLoading: false,
  });
  isBroken = false;
  expect(await older.all()).toBe(true);
  expect(older.state.value).toMatchObject({ problem: null, hasMore: false });
});
