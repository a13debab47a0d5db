import { expect, test } from 'vitest';
import { OptioError } from '../../../src/errors.ts';
import {
  isArchivable,
  isArchived,
  isCancellable,
  isDeletable,
  isResumable,
  isRetriable,
  onEach,
} from '../../../web/src/runs/acts.ts';
import { summaryOf } from '../../support/run-summary.ts';

const ids = Array.from({ length: 20 }, (_, at) => `run-${at}`);

test('something is done with each run, a few at a time, whatever fails', async () => {
  let [now, most] = [0, 0];
  const done: string[] = [];
  let told = 0;
  const failures = await onEach(
    ids,
    async (id) => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      if (id === 'run-3') throw new Error('it is gone');
      done.push(id);
    },
    () => told++,
  );
  expect(failures).toMatchObject([{ id: 'run-3', error: { code: 'internal', message: 'it is gone' } }]);
  expect(done.toSorted()).toEqual(ids.filter((id) => id !== 'run-3').toSorted());
  expect([most, told]).toEqual([6, 20]);
});

test('nothing more is begun once it was called off for one, and the rest has failed for that reason', async () => {
  const begun: string[] = [];
  const failures = await onEach(ids, async (id) => {
    begun.push(id);
    await Promise.resolve();
    throw new OptioError('aborted', 'it was called off before it was sent');
  });
  expect(begun).toEqual(ids.slice(0, 6));
  expect(new Set(failures.map(({ id }) => id))).toEqual(new Set(ids));
  expect(failures.map(({ error }) => error.code)).toEqual(ids.map(() => 'aborted'));
});

test('a run that goes on can be cancelled once; one that has ended be launched again, or deleted where none has begun it', () => {
  const goesOn = summaryOf({ endedAt: null });
  const ended = summaryOf({ state: 'done', endedAt: '2026-11-22T10:03:00.000Z' });
  const all = [goesOn, { ...goesOn, cancelReason: 'enough' }, ended, { ...ended, parentId: 'run-1' }];
  expect(all.map(isCancellable)).toEqual([true, false, false, false]);
  expect(all.map(isRetriable)).toEqual([false, false, true, true]);
  expect(all.map(isDeletable)).toEqual([false, false, true, false]);
  expect(all.map(isArchivable)).toEqual([false, false, true, false]);
  const there = { ...ended, archivedAt: ended.endedAt };
  expect([isArchivable(there), isArchived(there), isArchived(ended)]).toEqual([false, true, false]);
  expect([isResumable({ ...goesOn, state: 'paused' }), isResumable(goesOn)]).toEqual([true, false]);
});
