import { lazy, Suspense } from 'react';
import { useStore } from '../live/store.ts';
import { CancelRuns } from './cancel-runs.tsx';
import { FinishRun } from './finish-run.tsx';
import { question } from './questions.ts';

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
      return <FinishRun run={asked.run} onClose={close} />;
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
