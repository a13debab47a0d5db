import { expect, it } from 'vitest';
import type { OpenRequest } from '../../../src/contract/run-summary.ts';
import { nextInbox, onlyOpen } from '../../../web/src/requests/inbox.ts';

function opened(id: string, openedAt: string): OpenRequest {
  return {
    runId: 'run',
    openedAt,
    request: { kind: 'question', id, threadId: 't', turnId: null, itemId: null, questions: [] },
  };
}

const one = opened('one', '2026-01-01T00:00:00Z');
const two = opened('two', '2026-01-01T00:00:01Z');
const three = opened('three', '2026-01-01T00:00:02Z');

it('shows the oldest first, keeps what is answered in its place, and puts new ones at the end', () => {
  const first = nextInbox(
    [],
    new Map([
      ['b', two],
      ['a', one],
    ]),
  );
  expect(first.map(({ key }) => key)).toEqual(['a', 'b']);
  const second = nextInbox(
    first,
    new Map([
      ['b', two],
      ['c', three],
    ]),
  );
  expect(second.map(({ key, isOpen }) => [key, isOpen])).toEqual([
    ['a', false],
    ['b', true],
    ['c', true],
  ]);
  expect(second[1]).toBe(first[1]); // nothing has changed in it, so that it is not drawn anew
  expect(onlyOpen(second).map(({ key }) => key)).toEqual(['b', 'c']);
});

it('opens one again that Codex asks again', () => {
  const gone = nextInbox(nextInbox([], new Map([['a', one]])), new Map());
  expect(gone.map(({ isOpen }) => isOpen)).toEqual([false]);
  expect(nextInbox(gone, new Map([['a', one]])).map(({ isOpen }) => isOpen)).toEqual([true]);
});
