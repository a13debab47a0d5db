import { expect, test } from 'vitest';
import { extend, NOTHING_SELECTED, shownOnly, toggle } from '../../../web/src/runs/selection.ts';

const ORDER = ['a', 'b', 'c', 'd', 'e'];

test('a range goes from the last that was chosen by itself, in either direction', () => {
  const from = toggle(NOTHING_SELECTED, 'd');
  expect([...extend(from, 'b', ORDER).ids].sort()).toEqual(['b', 'c', 'd']);
  const both = extend(extend(from, 'b', ORDER), 'e', ORDER);
  expect([...both.ids].sort()).toEqual(['b', 'c', 'd', 'e']);
  expect(both.anchor).toBe('d');
});

test('a range without a beginning is the one run', () => {
  expect(extend(NOTHING_SELECTED, 'c', ORDER)).toEqual({ ids: new Set(['c']), anchor: 'c' });
  expect(extend(toggle(NOTHING_SELECTED, 'gone'), 'c', ORDER)).toEqual({ ids: new Set(['gone', 'c']), anchor: 'c' });
});

test('what is chosen twice is let go', () => {
  expect(toggle(toggle(NOTHING_SELECTED, 'a'), 'a').ids.size).toBe(0);
});

test('what is not shown any more is not chosen either', () => {
  const all = extend(toggle(NOTHING_SELECTED, 'a'), 'c', ORDER);
  expect(shownOnly(all, ['c', 'd']).ids).toEqual(new Set(['c']));
  expect(shownOnly(all, ORDER)).toBe(all);
});
