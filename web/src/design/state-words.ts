import type { RunState } from '../../../src/contract/outcome.ts';

/** The states in words. */
export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  scheduled: 'Scheduled',
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  cancelling: 'Stopping',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
