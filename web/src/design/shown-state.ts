import { RUN_STATES, type RunState } from '../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';

/** How a run stands, as one sees it: what waits for somebody, or for something to do, is no more at work than it looks. */
export type ShownState = RunState | 'waiting' | 'idle';

/** All of them: those that wait for somebody first, then in the order of a life. */
export const SHOWN_STATES: readonly ShownState[] = [
  'waiting',
  ...RUN_STATES.flatMap((state): ShownState[] => (state === 'running' ? [state, 'idle'] : [state])),
];

export function shownState({ state, openRequests, digest }: RunSummary): ShownState {
  if (openRequests > 0) return 'waiting';
  return state === 'running' && digest.isIdle ? 'idle' : state;
}

/** The states in words. */
export const STATE_WORDS: Readonly<Record<ShownState, string>> = {
  waiting: 'Waiting for you',
  scheduled: 'Scheduled',
  starting: 'Starting',
  running: 'Running',
  idle: 'Idle',
  paused: 'Paused',
  cancelling: 'Stopping',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
