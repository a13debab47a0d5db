import { expect, test } from 'vitest';
import type { OpenRequest } from '../../../src/contract/run-summary.ts';
import { Newcomers, requestInWords } from '../../../web/src/frame/newcomers.ts';
import { requestOf } from '../../support/listed-runs.ts';

const opened = (id: string): OpenRequest => ({ runId: 'run-1', openedAt: '', request: requestOf(id) });
const listOf = (...ids: string[]) => ({ requests: new Map(ids.map((id) => [id, opened(id)])) });

test('a request is new once, and those that were there before are not', () => {
  const newcomers = new Newcomers();
  const newIn = (...ids: string[]) => newcomers.of(listOf(...ids)).map(({ request }) => request.id);
  expect([newIn('a'), newIn('a', 'b'), newIn('a', 'b'), newIn('b')]).toEqual([[], ['request-b'], [], []]);
});

test('a request is told in a line', () => {
  expect(requestInWords(opened('a'))).toBe('Approve `git push`');
});
