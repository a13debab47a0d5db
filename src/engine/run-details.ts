import type { RunDetails } from '../contract/run-summary.ts';
import type { RunRecord } from '../store/store.ts';
import { summarize } from './run-summary.ts';
import { shownDefinition } from './shown-definition.ts';

type Besides = Pick<RunDetails, 'openRequests' | 'problem' | 'turnId' | 'archivedAt'>;

/** All that is known of a run besides what happened in it. */
export function detailsOf(record: RunRecord, more: Besides): RunDetails {
  const { lastSeq, params, budget, definition, retryOf, outcome } = record;
  const shown = { params, budget, definition: shownDefinition(definition), retryOf, outcome };
  return { ...summarize(record, more), lastSeq, turnId: more.turnId, ...shown };
}
