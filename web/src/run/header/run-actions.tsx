import { Menu } from '@base-ui/react/menu';
import { CheckCheck, MoreHorizontal, Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { ENDED_STATES } from '../../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../../src/contract/run-summary.ts';
import type { RunView } from '../../../../src/contract/view.ts';
import { fromUnknown, type OptioError } from '../../../../src/errors.ts';
import { type Act, ActMenu } from '../../design/act-menu.tsx';
import { AskFirst } from '../../design/ask-first.tsx';
import { Button } from '../../design/button.tsx';
import { useLooksOn } from '../../design/looking-on.ts';
import { useAction } from '../../design/use-action.ts';
import { api } from '../../live/api.ts';
import { isArchivable, isArchived } from '../../runs/acts.ts';
import { archiveRuns, unarchiveRuns } from '../../runs/run-acts.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import styles from './run-actions.module.css';

export interface RunActionsProps {
  readonly runId: string;
  readonly name: string;
  readonly view: RunView;
  readonly summary: RunSummary | undefined;
  /** Shows what went wrong; null once something else is tried. */
  readonly onProblem: (problem: OptioError | null) => void;
}

type Open = 'cancel' | 'remove' | 'budget' | null;

/** What one can do with a run as a whole. */
export function RunActions({ runId, name, view, summary, onProblem }: RunActionsProps) {
  const [, navigate] = useLocation();
  const [open, setOpen] = useState<Open>(null);
  const looksOn = useLooksOn();
  const { state } = view;
  const isOver = ENDED_STATES.includes(state);
  const isLive = state === 'running' || state === 'paused';
  const pause = useRunAction(onProblem, async () => (await api.find(runId)).pause());
  const resume = useRunAction(onProblem, async () => (await api.find(runId)).resume());
  const finish = useRunAction(onProblem, async () => (await api.find(runId)).finish());
  const retry = useRunAction(onProblem, async () => {
    const again = await (await api.find(runId)).retry();
    navigate(`/runs/${again.id}`);
  });
  if (looksOn) return null;
  const acts: Act[] = [];
  if (isOver) acts.push({ label: retry.isBusy ? 'Launching …' : 'Run it again', act: () => void retry.begin() });
  acts.push({ label: 'The same again, changed', act: () => navigate(`/new?from=${encodeURIComponent(runId)}`) });
  if (!isOver) acts.push({ label: 'Change the budget …', act: () => setOpen('budget') });
  if (!isOver && state !== 'cancelling')
    acts.push({ label: 'Cancel the run …', isGrave: true, act: () => setOpen('cancel') });
  if (summary && isArchivable(summary)) acts.push({ label: 'Archive the run', act: () => void archiveRuns([summary]) });
  if (summary && isArchived(summary))
    acts.push({ label: 'Bring it back from the archive', act: () => void unarchiveRuns([summary]) });
  if (isOver) acts.push({ label: 'Delete the run …', isGrave: true, act: () => setOpen('remove') });
  return (
    <div className={styles.actions}>
      {state === 'running' && (
        <Button disabled={pause.isBusy} onClick={pause.begin}>
          <Pause size={14} aria-hidden /> {pause.isBusy ? 'Pausing …' : 'Pause'}
        </Button>
      )}
      {state === 'paused' && (
        <Button disabled={resume.isBusy} onClick={resume.begin}>
          <Play size={14} aria-hidden /> {resume.isBusy ? 'Resuming …' : 'Resume'}
        </Button>
      )}
      {isLive && (
        <Button disabled={finish.isBusy} onClick={finish.begin} title="Says that the run is over, and done">
          <CheckCheck size={14} aria-hidden /> {finish.isBusy ? 'Finishing …' : 'Finish'}
        </Button>
      )}
      <Menu.Root modal={false}>
        <Menu.Trigger render={<Button kind="quiet" isIcon aria-label="More to do with this run" />}>
          <MoreHorizontal size={16} aria-hidden />
        </Menu.Trigger>
        <ActMenu acts={acts} />
      </Menu.Root>
      {open === 'budget' && <BudgetDialog runId={runId} budget={view.budget} onClose={() => setOpen(null)} />}
      {open === 'cancel' && (
        <AskFirst
          title={`Cancel “${name}”?`}
          verb="Cancel the run"
          verbWhile="Cancelling …"
          act={async () => (await api.find(runId)).cancel()}
          onClose={() => setOpen(null)}
        >
          It stops, and so does whatever it has begun. What it has done in its workspace stays.
        </AskFirst>
      )}
      {open === 'remove' && (
        <AskFirst
          title={`Delete “${name}”?`}
          verb="Delete the run"
          verbWhile="Deleting …"
          act={async () => {
            await (await api.find(runId)).remove();
            navigate('/');
          }}
          onClose={() => setOpen(null)}
        >
          What happened in it is gone for good, and so are the runs that it has begun. Its workspace stays.
        </AskFirst>
      )}
    </div>
  );
}

interface RunAction {
  readonly isBusy: boolean;
  readonly begin: () => Promise<void>;
}

/** An action whose problem is shown in the header, where there is room for it. */
function useRunAction(onProblem: RunActionsProps['onProblem'], act: () => Promise<unknown>): RunAction {
  const { isBusy, begin } = useAction(async () => {
    onProblem(null);
    try {
      await act();
    } catch (thrown) {
      onProblem(fromUnknown(thrown));
    }
  });
  return { isBusy, begin: async () => void (await begin()) };
}
