import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { SHOWN_STATES, shownState } from '../design/shown-state.ts';

/** What the list tells of a run. */
export type ColumnName =
  | 'state'
  | 'name'
  | 'activity'
  | 'host'
  | 'model'
  | 'launched'
  | 'elapsed'
  | 'tokens'
  | 'context'
  | 'changes';

export interface Column {
  readonly name: ColumnName;
  readonly label: string;
  /** What runs are sorted by; null for what is not known, which comes last. */
  readonly valueOf: (run: RunSummary, now: number) => string | number | null;
  /** Which end one wants to see first. */
  readonly startsWith: 'least' | 'most';
}

export const COLUMNS: readonly Column[] = [
  { name: 'state', label: 'State', valueOf: stateOf, startsWith: 'least' },
  { name: 'name', label: 'Name', valueOf: ({ name }) => name.toLowerCase(), startsWith: 'least' },
  // By when something happened last: words have no order that would help anybody.
  { name: 'activity', label: 'Activity', valueOf: ({ digest }) => digest.lastEventAt, startsWith: 'most' },
  { name: 'host', label: 'Host', valueOf: ({ host }) => host, startsWith: 'least' },
  { name: 'model', label: 'Model', valueOf: ({ digest }) => digest.model, startsWith: 'least' },
  { name: 'launched', label: 'Launched', valueOf: ({ createdAt }) => createdAt, startsWith: 'most' },
  { name: 'elapsed', label: 'Elapsed', valueOf: elapsedOf, startsWith: 'most' },
  { name: 'tokens', label: 'Tokens', valueOf: ({ digest }) => digest.tokens, startsWith: 'most' },
  { name: 'context', label: 'Context', valueOf: contextOf, startsWith: 'most' },
  { name: 'changes', label: 'Changes', valueOf: changesOf, startsWith: 'most' },
];

/** For how long it has been under way, or was, in milliseconds; null before it has begun. */
export function elapsedOf({ startedAt, endedAt }: RunSummary, now: number): number | null {
  if (startedAt === null) return null;
  return (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
}

/** How much of its context is used, between 0 and 1; null while nobody knows. */
export function contextOf({ digest }: RunSummary): number | null {
  const { contextTokens, contextWindow } = digest;
  return contextTokens === null || !contextWindow ? null : contextTokens / contextWindow;
}

function stateOf(run: RunSummary): number {
  return SHOWN_STATES.indexOf(shownState(run));
}

function changesOf({ digest }: RunSummary): number {
  return digest.diff.added + digest.diff.removed;
}
