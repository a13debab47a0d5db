import { expect, test } from 'vitest';
import { DECISIONS } from '../../../web/src/requests/decisions.ts';
import { cutByFinish } from '../../../web/src/runs/questions.ts';
import { type Subject, verbsFor } from '../../../web/src/runs/verbs.ts';
import { detailsOf, digestOf, summaryOf } from '../../support/run-summary.ts';

const running = summaryOf({ state: 'running' });
const paused = summaryOf({ state: 'paused' });
const ended = summaryOf({ state: 'done', endedAt: '2026-11-22T10:03:00.000Z' });
const may = (subject: Subject, { looksOn = false, isOpen = true } = {}) =>
  verbsFor(subject, { looksOn, isOpen }).map(({ id }) => id);
const LOOKING = ['copyLink', 'copyId', 'exportMd', 'exportJson'];

test('what can be done with a run is what its state lets be done', () => {
  expect(may({ run: running, turnId: 'a' })).toEqual([
    ...['pause', 'interrupt', 'finish', 'change', 'budget'],
    ...LOOKING,
    'cancel',
  ]);
  expect(may({ run: running })).not.toContain('interrupt');
  expect(may({ run: paused, turnId: 'a' })).toEqual(['resume', 'finish', 'change', 'budget', ...LOOKING, 'cancel']);
  expect(may({ run: paused, isOutOfBudget: true })).toEqual(['finish', 'change', 'budget', ...LOOKING, 'cancel']);
  expect(may({ run: { ...paused, state: 'cancelling', cancelReason: 'enough' } })).toEqual([
    ...['change', 'budget'],
    ...LOOKING,
  ]);
  expect(may({ run: ended })).toEqual(['retry', 'change', 'archive', ...LOOKING, 'delete']);
  expect(may({ run: { ...ended, archivedAt: ended.endedAt } })).toContain('unarchive');
  expect(may({ run: { ...ended, parentId: 'run-1' } })).toEqual(['retry', 'change', ...LOOKING]);
});

test('what cannot be taken back asks first, and its label says so', () => {
  const labels = verbsFor({ run: running }, { looksOn: false, isOpen: true }).map(({ label }) => label);
  for (const label of ['Finish …', 'Cancel …']) expect(labels).toContain(label);
});

test('a viewer is offered what changes nothing, and a list nothing that takes the journal', () => {
  for (const run of [running, paused, ended]) expect(may({ run, turnId: 'a' }, { looksOn: true })).toEqual(LOOKING);
  const inList = may({ run: running, turnId: 'a' }, { isOpen: false });
  expect(inList).toEqual(['pause', 'finish', 'change', ...LOOKING, 'cancel']);
});

test('no two that are offered at once have the same keys, and none ends in a key that answers a request', () => {
  const answers = DECISIONS.map(({ keys }) => keys);
  for (const run of [running, paused, ended, { ...ended, archivedAt: ended.endedAt }]) {
    const keys = verbsFor({ run, turnId: 'a' }, { looksOn: false, isOpen: true }).flatMap(({ keys }) => keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    for (const pair of keys) expect(answers).not.toContain(pair.split(' ').at(-1));
  }
});

test('to finish a run cuts its turn, leaves its requests without an answer and its queue unsent; without any of them nothing is cut', () => {
  expect(cutByFinish(detailsOf())).toEqual([]);
  const digest = digestOf({ activity: 'running npm test' });
  expect(cutByFinish(detailsOf({ turnId: 'a', openRequests: 1, digest }))).toEqual([
    'A turn goes on (running npm test): it is cut off where it is, and so are its commands.',
    'A request waits for an answer, and gets none any more.',
  ]);
  const cutOf = (queued: number) => cutByFinish(detailsOf({ digest: digestOf({ queued }) }));
  expect(cutOf(1)).toEqual(['1 message waits, and would never be sent.']);
  expect(cutOf(3)).toEqual(['3 messages wait, and would never be sent.']);
  expect(cutByFinish(detailsOf({ openRequests: 2 }))).toEqual(['2 requests wait for answers, and get none any more.']);
});
