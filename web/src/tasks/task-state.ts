import { type RunState, runStateSchema } from '../../../src/contract/outcome.ts';

/** The state of a task's last run, which comes as a text. */
export function stateOf(text: string): RunState {
  return runStateSchema.safeParse(text).data ?? 'scheduled';
}
