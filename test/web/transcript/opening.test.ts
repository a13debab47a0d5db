import { expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { nameOf } from '../../../web/src/run/transcript/addresses.ts';
import { findRows } from '../../../web/src/run/transcript/find.ts';
import { Opening, openingInWords } from '../../../web/src/run/transcript/opening.ts';
import { whereIs } from '../../../web/src/run/transcript/reveal.ts';
import { Shortening } from '../../../web/src/run/transcript/verbosity.ts';
import { inShort, journalOf, realJournal, rowsOf } from './journals.ts';

const notice = (level: 'info' | 'warning' | 'error', message: string): RunEventBody => ({
  type: 'notice',
  level,
  message,
});
const turn: RunEventBody[] = [
  { type: 'turn.started', turnId: 'a' },
  { type: 'item.completed', turnId: 'a', item: { kind: 'userMessage', id: 'm', text: 'Go', images: [] } },
  notice('warning', 'slow'),
];
const told = (...bodies: RunEventBody[]) => rowsOf(journalOf(...bodies));
const fold = (rows: ReturnType<typeof told>, ...unfolded: string[]) =>
  new Opening((key) => unfolded.includes(key)).of(rows);

it('folds what is told before the first message into one row, and leaves errors and the session in sight', () => {
  expect(inShort(fold(rowsOf(realJournal('work')))).slice(0, 3)).toEqual(['opening', 'mark session', 'userMessage']);
  const rows = told(notice('info', 'one'), notice('error', 'broken'), notice('warning', 'two'), ...turn);
  expect(inShort(fold(rows))).toEqual(['opening', 'mark notice', 'userMessage', 'mark notice']);
  expect(fold(told(...turn))).toEqual(told(...turn));
  expect(inShort(fold(told(notice('info', 'one'))))).toEqual(['opening']);
});

it('shows them below once it is unfolded, whatever else is left out, and is where a link to one of them leads', () => {
  const rows = told(notice('info', 'one'), notice('warning', 'two'), ...turn);
  const [folded] = fold(rows);
  if (folded?.kind !== 'opening') throw new Error('nothing is folded');
  const unfolded = fold(rows, folded.key);
  expect(inShort(unfolded)).toEqual(['opening', '>mark notice', '>mark notice', 'userMessage', 'mark notice']);
  expect(inShort(new Shortening(() => false).of(unfolded, 'messages')).slice(0, 3)).toEqual(
    inShort(unfolded).slice(0, 3),
  );
  expect(whereIs(fold(rows), nameOf(rows[0]?.key ?? ''))).toEqual({ foldedIn: folded.key });
  expect(findRows(fold(rows), 'two')).toEqual([folded]);
  expect(findRows(unfolded, 'two')).toEqual([unfolded[2]]);
});

it('is left out with what is quiet where it holds no warning', () => {
  const shown = (level: 'info' | 'warning') =>
    inShort(new Shortening(() => false).of(fold(told(notice(level, 'one'), ...turn)), 'messages'));
  expect([shown('info'), shown('warning')]).toEqual([
    ['userMessage', 'mark notice'],
    ['opening', 'userMessage', 'mark notice'],
  ]);
});

it('stays the same object while nothing of it changes', () => {
  const opening = new Opening(() => false);
  const events = journalOf(notice('info', 'one'), notice('warning', 'two'), ...turn);
  const [early, before, after] = [1, 2, 5].map((count) => opening.of(rowsOf(events.slice(0, count)))[0]);
  expect(early).not.toBe(before);
  expect(after).toBe(before);
});

it('says how many there are, and how many of them warn', () => {
  const words = (...levels: ('info' | 'warning')[]) => {
    const [row] = fold(told(...levels.map((level, at) => notice(level, `${at}`))));
    return row?.kind === 'opening' ? openingInWords(row.marks) : '';
  };
  expect(words('info')).toBe('One notice from the start of the session');
  expect(words('warning')).toBe('One notice from the start of the session, a warning');
  expect(words('info', 'warning')).toBe('2 notices from the start of the session, 1 of them a warning');
  expect(words('warning', 'warning', 'info')).toBe('3 notices from the start of the session, 2 of them warnings');
});
