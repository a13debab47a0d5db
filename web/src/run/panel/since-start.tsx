import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { RunView } from '../../../../src/contract/view.ts';
import { WHY_WITHOUT_LINES } from '../../../../src/contract/without-lines.ts';
import type { WorkspaceChange } from '../../../../src/contract/workspace-change.ts';
import { Button } from '../../design/button.tsx';
import type { DiffKind } from '../../design/diff-lines.ts';
import { DiffView } from '../../design/diff-view.tsx';
import { exact } from '../../design/exact.ts';
import { plural } from '../../design/in-words.ts';
import { Problem } from '../../design/problem.tsx';
import { useLoaded } from '../../design/use-loaded.ts';
import { api } from '../../live/api.ts';
import styles from './panel.module.css';
import { useChanges } from './use-changes.ts';
import { workDone } from './work-done.ts';

/** How many files are listed before somebody asks for more. */
const MORE_ROWS = 200;

export interface SinceStartProps {
  readonly runId: string;
  readonly view: RunView;
}

/** Every file that is not as it was at the start of the run, whoever has changed it: now, or when the run ended. */
export function SinceStart({ runId, view }: SinceStartProps) {
  if (view.session === null && !view.outcome?.workspace)
    return <p className={styles.empty}>There is no workspace yet. What differs from its start appears here.</p>;
  return <Differences runId={runId} view={view} />;
}

function Differences({ runId, view }: SinceStartProps) {
  const { changes, look, problem, isLoading, reload } = useChanges(runId, workDone(view));
  const { branch, commit } = view.outcome?.workspace ?? {};
  const count = changes?.files.length ?? 0;
  const [rows, setRows] = useState(MORE_ROWS);
  const shown = changes?.files.slice(0, rows);
  return (
    <section className={styles.section} aria-busy={isLoading}>
      <div className={styles.head}>
        <h2>Different from the start</h2>
        {changes && count > 0 && <Sum files={changes.files} />}
        {changes?.at !== 'end' && (
          <Button
            kind="quiet"
            isIcon
            aria-label="Look again"
            title="Look again"
            aria-disabled={isLoading}
            onClick={() => !isLoading && reload()}
          >
            <RefreshCw size={14} />
          </Button>
        )}
      </div>
      {branch && (
        <p className={styles.note}>
          On the branch <code>{branch}</code>
          {commit && (
            <>
              {' '}
              at <code>{commit.slice(0, 12)}</code>
            </>
          )}
        </p>
      )}
      <Problem error={problem} title="It could not be looked at" />
      {!changes && !problem && <p className={styles.empty}>Looking …</p>}
      {changes && count === 0 && <p className={styles.empty}>Nothing is different.</p>}
      {changes?.note && <p className={styles.note}>{changes.note}</p>}
      <div>
        {shown?.map((change) => (
          <FileDifference key={change.path} runId={runId} change={change} look={look} />
        ))}
      </div>
      {shown && shown.length < count && (
        <Button kind="quiet" onClick={() => setRows(rows + MORE_ROWS)}>
          Show more of {plural(count - shown.length, 'other file')}
        </Button>
      )}
      {changes?.isPartial && <p className={styles.note}>There are more files than are compared.</p>}
    </section>
  );
}

function Sum({ files }: { readonly files: readonly WorkspaceChange[] }) {
  const sum = (which: 'added' | 'removed') => files.reduce((total, file) => total + (file[which] ?? 0), 0);
  return (
    <span className={styles.note}>
      {plural(files.length, 'file')} <span className={styles.plus}>+{sum('added')}</span>{' '}
      <span className={styles.minus}>−{sum('removed')}</span>
    </span>
  );
}

const KINDS: Readonly<Record<WorkspaceChange['change'], DiffKind>> = {
  added: 'add',
  modified: 'update',
  deleted: 'delete',
  renamed: 'move',
};

interface FileDifferenceProps {
  readonly runId: string;
  readonly change: WorkspaceChange;
  readonly look: number;
}

function FileDifference({ runId, change, look }: FileDifferenceProps) {
  const [isOpen, setOpen] = useState(false);
  const { path, from, without, added, removed, mode } = change;
  const isModeChanged = mode !== undefined && mode.before !== mode.after;
  const head = (
    <>
      <code>
        {from !== undefined && `${exact(from)} → `}
        {exact(path)}
      </code>
      {change.change !== 'modified' && <span className={styles.note}>{change.change} </span>}
      {isModeChanged && (
        <span className={styles.note}>
          mode {mode.before} → {mode.after}{' '}
        </span>
      )}
      {without !== null && <span className={styles.note}>{WHY_WITHOUT_LINES[without]}</span>}
      {without === null && (added ?? 0) + (removed ?? 0) > 0 && (
        <>
          <span className={styles.plus}>+{added}</span> <span className={styles.minus}>−{removed}</span>
        </>
      )}
    </>
  );
  // Where there are no lines there is nothing to unfold.
  if (without !== null || (added === 0 && removed === 0)) return <p className={styles.bare}>{head}</p>;
  return (
    <details className={styles.file} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{head}</summary>
      {isOpen && <Lines runId={runId} change={change} look={look} />}
    </details>
  );
}

function Lines({ runId, change, look }: FileDifferenceProps) {
  const { path, from } = change;
  const { data, problem } = useLoaded(`${runId} ${look} ${path}`, async () => (await api.find(runId)).readDiff(path));
  return (
    <div className={styles.turn}>
      <Problem error={problem} title="Not shown" />
      {!data && !problem && <p className={styles.note}>Fetching …</p>}
      {data && (
        <DiffView
          path={from ?? path}
          kind={KINDS[change.change]}
          diff={data.diff}
          movedTo={from === undefined ? undefined : path}
        />
      )}
      {data?.isCut && <p className={styles.note}>There is more of it than is shown.</p>}
    </div>
  );
}
