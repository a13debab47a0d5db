import { expect, test } from 'vitest';
import { COLUMNS, type ColumnName } from '../../../web/src/runs/columns.ts';
import { inOrder, nextSort, readSort, type Sort, writeSort } from '../../../web/src/runs/order.ts';
import { digestOf, NOW, summaryOf } from '../../support/run-summary.ts';

const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`;
const RUNS = [
  summaryOf({ id: 'ended', state: 'done', createdAt: at(9), startedAt: at(1), endedAt: at(3), name: 'b' }),
  summaryOf({
    id: 'old',
    createdAt: at(1),
    startedAt: at(1),
    endedAt: null,
    name: 'C',
    digest: digestOf({ tokens: 9 }),
  }),
  summaryOf({ id: 'new', createdAt: at(2), startedAt: at(4), endedAt: null, name: 'a' }),
  summaryOf({ id: 'asks', createdAt: at(0), startedAt: null, endedAt: null, openRequests: 1, name: 'd' }),
];
const idsBy = (sort: string | null) => inOrder(RUNS, readSort(sort), NOW).map(({ id }) => id);

test('those that wait for somebody come first, then those that go on, then the rest; the newest first', () => {
  expect(idsBy(null)).toEqual(['asks', 'new', 'old', 'ended']);
});

test('a column sorts from either end, whatever waits', () => {
  expect(idsBy('name')).toEqual(['new', 'ended', 'old', 'asks']);
  expect(idsBy('-name')).toEqual(['asks', 'old', 'ended', 'new']);
  expect(idsBy('state')[0]).toBe('asks');
});

test('what is equal stays with the newest first, in both directions', () => {
  expect(idsBy('tokens')).toEqual(['old', 'ended', 'new', 'asks']);
  expect(idsBy('-tokens')).toEqual(['ended', 'new', 'asks', 'old']);
});

test('what is not known comes last, in both directions', () => {
  expect(idsBy('elapsed')).toEqual(['new', 'ended', 'old', 'asks']);
  expect(idsBy('-elapsed')).toEqual(['old', 'ended', 'new', 'asks']);
});

test('an address says by which column, and one that names none says nothing', () => {
  const sorts = COLUMNS.flatMap(({ name }) =>
    [false, true].map((isDescending): Sort => ({ column: name, isDescending })),
  );
  expect(sorts.map((sort) => readSort(writeSort(sort)))).toEqual(sorts);
  expect([readSort(null), readSort(''), readSort('-'), readSort('weight')]).toEqual([null, null, null, null]);
});

test.each<[ColumnName, (string | null)[]]>([
  ['name', ['name', '-name', null, 'name']],
  ['tokens', ['-tokens', 'tokens', null, '-tokens']],
])('a press on the head of %s turns it around, and then lets it go', (name, expected) => {
  const column = COLUMNS.find((one) => one.name === name);
  if (!column) throw new Error(`there is no column ${name}`);
  let sort: Sort | null = readSort('host');
  const seen = expected.map(() => {
    sort = nextSort(sort, column);
    return sort && writeSort(sort);
  });
  expect(seen).toEqual(expected);
});
