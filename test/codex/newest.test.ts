import { expect, it } from 'vitest';
import { Newest } from '../../src/codex/newest.ts';

it('keeps the newest values that fit', () => {
  const newest = new Newest<string>(10);
  newest.set('a', 'A', 4);
  newest.set('b', 'B', 4);
  newest.set('a', 'again', 4);
  newest.set('c', 'C', 4);
  expect(newest.values()).toEqual(['again', 'C']);
  expect(newest.get('b')).toBeUndefined();
});

it('keeps one that is larger than all of it, and nothing besides', () => {
  const newest = new Newest<string>(10);
  newest.set('a', 'A', 4);
  newest.set('b', 'B', 100);
  expect(newest.values()).toEqual(['B']);
  newest.set('c', 'C', 4);
  expect(newest.values()).toEqual(['C']);
});

it('has room again for what was taken out', () => {
  const newest = new Newest<string>(10);
  newest.set('a', 'A', 6);
  newest.delete('a');
  newest.delete('never there');
  newest.set('b', 'B', 4);
  newest.set('c', 'C', 6);
  expect(newest.values()).toEqual(['B', 'C']);
  expect(newest.entries()).toEqual([
    ['b', 'B'],
    ['c', 'C'],
  ]);
});
