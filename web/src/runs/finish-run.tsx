import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { api } from '../live/api.ts';
import { cutByFinish } from './questions.ts';
import { finishRun } from './run-acts.ts';

export interface FinishRunProps {
  readonly run: RunSummary;
  readonly onClose: () => void;
}

/** Asks before a run is over for good, and says what that cuts off. */
export function FinishRun({ run, onClose }: FinishRunProps) {
  const details = useLoaded(run.id, () => api.runOf(run.id).details());
  const cut = details.data ? cutByFinish(details.data) : [];
  return (
    <AskFirst
      title={`Finish “${run.name}” now?`}
      verb="Finish it now"
      verbWhile="Finishing …"
      act={() => finishRun(run.id)}
      onClose={onClose}
    >
      {cut.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>The run counts as done then, and takes no more messages. What it has written stays.</p>
    </AskFirst>
  );
}
