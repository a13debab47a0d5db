import { lazy, Suspense } from 'react';
import { AskFirst } from '../design/ask-first.tsx';
import { useStore } from '../live/store.ts';
import { CancelRuns } from './cancel-runs.tsx';
import { question } from './questions.ts';
import { finishRun } from './run-acts.ts';

const BudgetDialog = lazy(async () => {
  const { BudgetDialog } = await import('../run/header/budget-dialog.tsx');
  return { default: BudgetDialog };
});

/** Asks what there is to ask about runs. */
export function RunQuestions() {
  const asked = useStore(question);
  const close = () => question.set(null);
  switch (asked?.kind) {
    case 'cancel':
      return <CancelRuns runs={asked.runs} onClose={close} />;
    case 'finish':
      return (
        <AskFirst
          title={`Finish “${asked.run.name}” now?`}
          verb="Finish it now"
          verbWhile="Finishing …"
          act={() => finishRun(asked.run.id)}
          onClose={close}
        >
          {asked.cut.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <p>The run counts as done then. What it has written stays.</p>
        </AskFirst>
      );
    case 'budget':
      return (
        <Suspense>
          <BudgetDialog runId={asked.runId} view={asked.view} onClose={close} />
        </Suspense>
      );
    default:
      return null;
  }
}
