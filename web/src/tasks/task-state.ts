import { RUN_STATES } from '../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import type { TaskSummary } from '../../../src/contract/task-definition.ts';
import { type ShownState, shownState } from '../design/shown-state.ts';

/** How a task's last run stands: as the list of runs tells it, where that has it; otherwise its state comes as a text. */
export function stateOf(last: NonNullable<TaskSummary['lastRun']>, run: RunSummary | undefined): ShownState {
  if (run) return shownState(run);
  return RUN_STATES.find((state) => state === last.state) ?? 'scheduled';
}
