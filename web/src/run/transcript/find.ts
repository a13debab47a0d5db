import { createContext } from 'react';
import type { Row } from './row.ts';
import { textOf } from './row-text.ts';

/** The rows in which something is written, in whatever case; none while nothing is looked for. */
export function findRows(rows: readonly Row[], wanted: string): Row[] {
  const pattern = patternOf(wanted);
  if (!pattern) return [];
  return rows.filter((row) => pattern.test(textOf(row)));
}

/** What matches what is looked for. */
export function patternOf(wanted: string, flags = 'iu'): RegExp | undefined {
  if (wanted === '') return undefined;
  return new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), flags);
}

/** The row at which somebody who looks for something is, by its name, and what is looked for. */
export interface Found {
  readonly name: string | null;
  readonly wanted: string;
}
export const FoundContext = createContext<Found>({ name: null, wanted: '' });
