import { ENDED_STATES, type RunState } from '../../contract/outcome.ts';
import type { RunHandle } from '../../contract/run-handle.ts';

export interface Order {
  /** What to say of a run that goes on for now: `is told to stop`. */
  readonly told: string;
  /** In which state the order leads. */
  readonly aim: RunState;
}

/** What has become of an order to a run: one that has ended meanwhile, or long ago, was told nothing. */
export async function describeOrder(run: RunHandle, { told, aim }: Order): Promise<string> {
  const { state } = await run.details();
  if (state === aim) return `${run.id} is ${state}.`;
  return ENDED_STATES.includes(state) ? `${run.id} has ended before: ${state}.` : `${run.id} ${told}.`;
}
