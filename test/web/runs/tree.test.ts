import { expect, test } from 'vitest';
import { inOrder } from '../../../web/src/runs/order.ts';
import { belowInWords, treeOf } from '../../../web/src/runs/tree.ts';
import { summaryOf } from '../../support/run-summary.ts';

let minute = 0;
const ENDED = '2026-11-22T12:00:00.000Z';
/** One that came later than those before. */
function run(id: string, parentId: string | null = null, more: object = {}) {
  const createdAt = `2026-11-22T10:${String(minute++).padStart(2, '0')}:00.000Z`;
  return summaryOf({ id, parentId, createdAt, state: 'done', endedAt: ENDED, ...more });
}
const FAMILY = [
  run('alone'),
  run('top'),
  run('first', 'top'),
  run('second', 'top', { state: 'failed' }),
  run('deep', 'first', { state: 'failed' }),
  run('last'),
];
const drawn = (runs: typeof FAMILY, open: readonly string[]) =>
  treeOf(inOrder(runs, null, 0), ({ id }) => open.includes(id)).map(({ run, depth }) => '.'.repeat(depth) + run.id);

test('what a run has begun stands below it, in the order in which it was begun', () => {
  expect(drawn(FAMILY, ['top', 'first'])).toEqual(['last', 'top', '.first', '..deep', '.second', 'alone']);
});

test('below one that is closed only what failed is shown, wherever it is', () => {
  expect(drawn(FAMILY, [])).toEqual(['last', 'top', '..deep', '.second', 'alone']);
  expect(drawn(FAMILY, ['top'])).toEqual(['last', 'top', '.first', '..deep', '.second', 'alone']);
});

test('it says of one how many are below it, all the way down', () => {
  const [top] = treeOf(FAMILY.slice(1), () => false);
  expect(top?.below && belowInWords(top.below)).toBe('3 runs below, 2 failed');
  const [going] = treeOf([run('a'), run('b', 'a', { endedAt: null, state: 'running' })], () => false);
  expect(going?.below && belowInWords(going.below)).toBe('1 run below, 1 under way');
});

test('a tree of which one waits for somebody stands where that one would', () => {
  const waits = run('waits', 'top', { endedAt: null, state: 'running', openRequests: 1 });
  expect(drawn([...FAMILY, waits], [])).toEqual(['top', '..deep', '.second', '.waits', 'last', 'alone']);
});

test('one whose parent is not there stands by itself', () => {
  expect(drawn([run('orphan', 'gone'), run('other')], [])).toEqual(['other', 'orphan']);
});
