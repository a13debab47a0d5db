import { Ban, CircleAlert, CircleCheck } from 'lucide-react';
import { useContext } from 'react';
import { durationInWords, plural } from '../../design/in-words.ts';
import { useSummary } from '../use-summary.ts';
import { PlaceContext } from './folds.ts';
import { LoginWays } from './login-ways.tsx';
import styles from './mark.module.css';
import { Failure } from './mark-row.tsx';
import type { RowOf } from './row.ts';

/** How the run ended, and where its work is. */
export function EndRow({ row }: { readonly row: RowOf<'end'> }) {
  const { outcome, isErrorTold } = row;
  const { status, error, workspace, turns, durationMs } = outcome;
  const Icon = status === 'done' ? CircleCheck : status === 'failed' ? CircleAlert : Ban;
  return (
    <div className={styles.mark} data-level={status === 'failed' ? 'error' : status === 'done' ? 'good' : 'info'}>
      <span className={styles.icon} aria-hidden="true">
        <Icon size={15} />
      </span>
      <div className={styles.text}>
        <p>
          <strong>{WORDS[status]}</strong> after {plural(turns, 'turn')} and {durationInWords(durationMs)}.
        </p>
        {status === 'cancelled' && <CancelReason />}
        {error && !isErrorTold && <Failure title="Why" error={error} />}
        {error && isErrorTold && error.remedy && <p>{error.remedy}</p>}
        {error?.code === 'login-missing' && <LoginWays />}
        {workspace && workspace.changes.length > 0 && (
          <p>
            {plural(workspace.changes.length, 'file')} changed{' '}
            {workspace.branch === undefined ? `in ${workspace.path}` : `on the branch ${workspace.branch}`}.
          </p>
        )}
      </div>
    </div>
  );
}

/** The journal does not tell it: the list of runs does. */
function CancelReason() {
  const reason = useSummary(useContext(PlaceContext).runId)?.cancelReason;
  return reason ? <p dir="auto">{reason}</p> : null;
}

const WORDS = { done: 'Done', failed: 'Failed', cancelled: 'Cancelled' } as const;
