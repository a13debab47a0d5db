import { expect, test } from 'vitest';
import { faviconOf } from '../../../web/src/frame/favicon.ts';
import { titleOf } from '../../../web/src/frame/title.ts';

test('the tab says what is shown, and how many requests wait', () => {
  expect(titleOf('Runs', 0)).toBe('Runs · optio-codex');
  expect(titleOf('Runs', 2)).toBe('(2) Runs · optio-codex');
  expect(titleOf('', 1)).toBe('(1) optio-codex');
});

test('the sign of the tab counts up to nine', () => {
  const textOf = (waiting: number) => />([^<]+)<\/text>/.exec(decodeURIComponent(faviconOf(waiting)))?.[1];
  expect([textOf(0), textOf(9), textOf(10)]).toEqual([undefined, '9', '9+']);
});
