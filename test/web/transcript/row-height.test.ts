import { expect, it } from 'vitest';
import { lastRows } from '../../../web/src/run/transcript/row-height.ts';
import { journalOf, rowsOf } from './journals.ts';
import { largeJournal } from './large-journal.ts';

const rows = rowsOf(journalOf(...largeJournal(200)));

it('takes the last rows, as many as fill a screen for certain, and fewer where they are high', () => {
  const shown = lastRows(rows, 800);
  expect(shown).toEqual(rows.slice(-shown.length));
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.length).toBeLessThan(800 / 30);
  expect(lastRows(rows, 1_600).length).toBeGreaterThan(shown.length);
});

it('takes all of them where they do not fill it, and none of none', () => {
  expect(lastRows(rows, 1_000_000)).toEqual(rows);
  expect(lastRows([], 800)).toEqual([]);
});
