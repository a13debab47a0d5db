import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { full } from '../../../web/src/design/moment.ts';
import { wordsOf } from '../../../web/src/runs/words.ts';
import { digestOf, NOW, summaryOf } from '../../support/run-summary.ts';

const error = { code: 'turn-failed', message: 'no such model' } as const;
const later = new Date(NOW + 60_000).toISOString();

test.each<[string, Partial<RunSummary>, string, boolean]>([
  [
    'what keeps it from getting on',
    { problem: 'nobody knows its task', digest: digestOf({ activity: 'x' }) },
    'nobody knows its task',
    true,
  ],
  ['why it has failed', { state: 'failed', error }, 'no such model', true],
  ['what it does', { digest: digestOf({ activity: 'running ls' }) }, 'running ls', false],
  ['why it was told to stop', { state: 'cancelled', cancelReason: 'enough' }, 'enough', false],
  [
    'that its turn has not come',
    { state: 'scheduled', notBefore: new Date(NOW - 1).toISOString() },
    'waits for its turn',
    false,
  ],
  ['when it begins', { state: 'scheduled', notBefore: later }, `begins ${full(later)}`, false],
  ['how far it is', { digest: digestOf({ progress: { percent: 3, message: 'half' } }) }, 'half', false],
  ['that it has nothing to do', { digest: digestOf({ isIdle: true }) }, 'waits for a message', false],
  ['nothing of a run that is about to begin or to end', {}, '', false],
  ['what it said at its end', { state: 'done', digest: digestOf({ answer: 'All is well.' }) }, 'All is well.', false],
  ['nothing once it is done and said nothing', { state: 'done' }, '', false],
])('the line says %s', (_what, more, text, isBad) => {
  expect(wordsOf(summaryOf(more), NOW)).toEqual({ text, isBad });
});
