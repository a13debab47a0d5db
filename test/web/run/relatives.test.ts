import { expect, test } from 'vitest';
import { relativesOf } from '../../../web/src/run/relatives.ts';
import { newestOf } from '../../../web/src/tasks/newest-of.ts';
import { summaryOf } from '../../support/run-summary.ts';

const run = (id: string, parentId: string | null, rootId = 'top') => summaryOf({ id, parentId, rootId });
const TREE = [
  run('top', null),
  run('left', 'top'),
  run('right', 'top'),
  run('leaf', 'left'),
  run('other leaf', 'right'),
  run('stranger', null, 'stranger'),
];
const namesOf = (id: string) =>
  relativesOf(TREE.find((one) => one.id === id) ?? run(id, null), TREE).map((one) => one.id);

test('the relatives of a run are those above it and those below it, and not its siblings', () => {
  expect(namesOf('left')).toEqual(['top', 'left', 'leaf']);
  expect(namesOf('top')).toEqual(['top', 'left', 'right', 'leaf', 'other leaf']);
  expect(namesOf('leaf')).toEqual(['top', 'left', 'leaf']);
  expect(namesOf('stranger')).toEqual(['stranger']);
});

test('of a task the newest runs are told of, besides the last one', () => {
  const runs = Array.from({ length: 12 }, (_, at) =>
    summaryOf({
      id: `run-${at}`,
      taskId: at === 3 ? 'other' : 'nightly',
      createdAt: `2026-11-${10 + at}T10:00:00.000Z`,
    }),
  );
  expect(newestOf(runs, 'nightly', 'run-11').map(({ id }) => id)).toEqual(
    [10, 9, 8, 7, 6, 5, 4, 2].map((at) => `run-${at}`),
  );
});
