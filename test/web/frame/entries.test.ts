import { expect, test } from 'vitest';
import { type Entry, findEntries, inGroups } from '../../../web/src/frame/entries.ts';

const entry = (label: string, group: string, words = ''): Entry => ({ id: label, group, label, words, act: () => {} });
const ENTRIES = [
  entry('Requests', 'Go to'),
  entry('Run it again', 'A run'),
  entry('Prerelease', 'Runs'),
  entry('Push the release', 'Runs', 'run-0a1b nightly'),
  entry('Réleve', 'Runs'),
];
const found = (text: string, most = 9) => findEntries(ENTRIES, text, most).map(({ label }) => label);

test('what begins so comes first, then what has a word that does, then the rest', () => {
  expect(found('re')).toEqual(['Requests', 'Push the release', 'Prerelease']);
});

test('each word has to occur, in the name or among the other words', () => {
  expect(found('push night')).toEqual(['Push the release']);
  expect(found('0A1B')).toEqual(['Push the release']);
  expect(found('push again')).toEqual([]);
  expect(found('(')).toEqual([]);
});

test('without a text all are there, as many as there is room for', () => {
  expect(found('  ')).toHaveLength(5);
  expect(found('', 2)).toEqual(['Requests', 'Run it again']);
});

test('what belongs together stands together, in the order in which it came first', () => {
  const groups = inGroups([entry('a', 'x'), entry('b', 'y'), entry('c', 'x')]);
  expect(groups.map(({ name, entries }) => [name, entries.map(({ label }) => label)])).toEqual([
    ['x', ['a', 'c']],
    ['y', ['b']],
  ]);
});
