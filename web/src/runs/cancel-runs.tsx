import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { counted } from '../design/figures.ts';
import { cancelRuns } from './run-acts.ts';

export interface CancelRunsProps {
  readonly runs: readonly RunSummary[];
  readonly onClose: () => void;
}

/** Asks before runs are cancelled. */
export function CancelRuns({ runs, onClose }: CancelRunsProps) {
  const [first] = runs;
  const isOne = runs.length === 1;
  return (
    <AskFirst
      title={isOne ? `Cancel “${first?.name}”?` : `Cancel ${counted(runs.length, 'run')}?`}
      verb={isOne ? 'Cancel the run' : `Cancel ${counted(runs.length, 'run')}`}
      verbWhile="Cancelling …"
      act={() => cancelRuns(runs)}
      onClose={onClose}
    >
      {isOne
        ? 'Its commands are stopped, and so is every run that it has begun. What it has written stays.'
        : 'Their commands are stopped, and so is every run that they have begun. What they have written stays.'}
    </AskFirst>
  );
}
