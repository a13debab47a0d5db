import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { COLUMNS, type Column, type ColumnName } from './columns.ts';

/** By which column runs are sorted, and from which end. */
export interface Sort {
  readonly column: ColumnName;
  readonly isDescending: boolean;
}

/** As it stands in the address: `tokens`, or `-tokens` from the most on. Null for none, and for what is no column. */
export function readSort(text: string | null): Sort | null {
  const column = COLUMNS.find(({ name }) => name === text?.replace(/^-/, ''));
  return column ? { column: column.name, isDescending: text?.startsWith('-') ?? false } : null;
}

export function writeSort({ column, isDescending }: Sort): string {
  return `${isDescending ? '-' : ''}${column}`;
}

/** What a press on the head of a column makes of it: one end first, then the other, then none again. */
export function nextSort(sort: Sort | null, { name, startsWith }: Column): Sort | null {
  const first = { column: name, isDescending: startsWith === 'most' };
  if (sort?.column !== name) return first;
  return sort.isDescending === first.isDescending ? { ...first, isDescending: !first.isDescending } : null;
}

/** The runs by a column; without one those that wait for somebody first, then those that go on, then the rest, the newest first among equals. */
export function inOrder(runs: readonly RunSummary[], sort: Sort | null, now: number): RunSummary[] {
  const column = sort && COLUMNS.find(({ name }) => name === sort.column);
  if (!column) return runs.toSorted((a, b) => rankOf(a) - rankOf(b) || newestFirst(a, b));
  const values = new Map(runs.map((run) => [run.id, column.valueOf(run, now)]));
  return runs.toSorted((a, b) => {
    const [left, right] = [values.get(a.id) ?? null, values.get(b.id) ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || newestFirst(a, b);
    if (left === right) return newestFirst(a, b);
    return left < right === sort.isDescending ? 1 : -1;
  });
}

function rankOf({ openRequests, endedAt }: RunSummary): number {
  if (openRequests > 0) return 0;
  return endedAt === null ? 1 : 2;
}

function newestFirst(a: RunSummary, b: RunSummary): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
