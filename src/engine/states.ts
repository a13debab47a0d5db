import type { RunState } from '../contract/outcome.ts';

/** Where a run may go from each state. docs/architecture.md draws it. */
export const TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  scheduled: ['starting', 'cancelling', 'cancelled'],
  starting: ['running', 'cancelling', 'failed', 'scheduled'],
  running: ['paused', 'cancelling', 'done', 'failed', 'scheduled'],
  paused: ['running', 'paused', 'cancelling', 'done', 'failed', 'scheduled'],
  cancelling: ['cancelled', 'failed'],
  done: [],
  failed: [],
  cancelled: [],
};

/** The states from which a run may come to this one: what a write compares before it sets. */
export function sourcesOf(state: RunState): RunState[] {
  return RUN_STATES.filter((from) => TRANSITIONS[from].includes(state));
}

/** Nothing happens in it any more. */
export function isEnded(state: RunState): boolean {
  return TRANSITIONS[state].length === 0;
}

/** Somebody works on it, or has to once nobody does. */
export function isUnderWay(state: RunState): boolean {
  return state !== 'scheduled' && !isEnded(state);
}

const RUN_STATES = Object.keys(TRANSITIONS) as RunState[];

/** The states of runs that are under way. */
export const UNDER_WAY: readonly RunState[] = RUN_STATES.filter(isUnderWay);
