import { expect, test } from 'vitest';
import { NO_FILTER } from '../../../web/src/runs/filter.ts';
import { addressOfView, isViews, problemOfName, queryOf, shows, withView } from '../../../web/src/runs/views.ts';

const FILTER = { ...NO_FILTER, states: ['failed'], tags: ['team:red & blue'], search: 'x' } as const;
const SORT = { column: 'tokens', isDescending: true } as const;
const VIEW = { id: 'v', name: 'Red', query: queryOf(FILTER, SORT) };

test('a view shows what the list was, and nothing else', () => {
  expect(shows(VIEW, FILTER, SORT)).toBe(true);
  expect(shows(VIEW, { ...FILTER, search: 'y' }, SORT)).toBe(false);
  expect(shows(VIEW, { ...FILTER, isSaid: true }, SORT)).toBe(false);
  expect(shows(VIEW, FILTER, null)).toBe(false);
  const otherwise = 'sort=-tokens&search=x&tag=team%3Ared+%26+blue&state=failed&gone=1';
  expect(shows({ ...VIEW, query: otherwise }, FILTER, SORT), 'in another order').toBe(true);
});

test('its address says what it shows, and which it is', () => {
  const address = new URLSearchParams(addressOfView(VIEW).slice(2));
  expect(Object.fromEntries(address)).toEqual({
    state: 'failed',
    tag: 'team:red & blue',
    search: 'x',
    sort: '-tokens',
    view: 'v',
  });
});

test('one that is saved again takes its own place', () => {
  const other = { ...VIEW, id: 'w' };
  expect(withView([VIEW, other], { ...VIEW, name: 'New' }).map(({ name }) => name)).toEqual(['New', 'Red']);
  expect(withView([other], VIEW)).toEqual([other, VIEW]);
});

test('a name is its own, and is one', () => {
  expect(problemOfName(' ', [])).toBe('Give it a name.');
  expect(problemOfName(' red ', [VIEW])).toBe('Another view has that name.');
  expect(problemOfName('Blue', [VIEW])).toBeUndefined();
});

test.each([null, {}, 'x', [null], [{ id: 'v', name: 'x' }], [{ ...VIEW, query: 1 }]])(
  'what a browser keeps that is no list of views is none: %j',
  (kept) => expect(isViews(kept)).toBe(false),
);
