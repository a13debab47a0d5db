import { expect, it } from 'vitest';
import { ToldNotices } from '../../src/session/told-notices.ts';

it('knows what was told, here and before, and not more than has a bound', () => {
  const told = new ToldNotices([{ message: 'before' }]);
  expect(['before', 'new', 'new'].map((text) => told.isNews(text))).toEqual([false, true, false]);
  const long = 'x'.repeat(5_000);
  expect([told.isNews(long), told.isNews(long)]).toEqual([true, true]);
  for (let index = 0; index < 200; index++) told.isNews(`text ${index}`);
  expect([told.isNews('text 199'), told.isNews('before')]).toEqual([false, true]);
});
