import { RUN_STATES, type RunState } from '../../../src/contract/outcome.ts';

/** The state of a task's last run, which comes as a text. */
export function stateOf(text: string): RunState {
  return RUN_STATES.find((state) => state === text) ?? 'scheduled';
}
