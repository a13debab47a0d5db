import { useMemo } from 'react';
import { sizeOfDiff } from '../../../../src/contract/diff-size.ts';
import { Button } from '../../design/button.tsx';
import { filesOfDiff } from '../../design/diff-files.ts';
import { DiffView } from '../../design/diff-view.tsx';
import { countInWords, plural } from '../../design/in-words.ts';
import { useFold } from './folds.ts';
import { lengthInWords } from './length.ts';
import styles from './mark.module.css';
import type { RowOf } from './row.ts';

/** How many files of a turn are shown at a time. */
const FILES = 20;

/** The end of a turn: how it ended, how long it took, what it used and what it changed. */
export function TurnEndRow({ row }: { readonly row: RowOf<'turnEnd'> }) {
  const { turn, tokens, times } = row;
  const { status, error, diff } = turn;
  const [steps, unfold] = useFold(`turn/${turn.id}`);
  const size = useMemo(() => sizeOfDiff(diff), [diff]);
  const ms = times?.endedAt ? Date.parse(times.endedAt) - Date.parse(times.startedAt) : null;
  return (
    <>
      {error !== null && <p className={styles.error}>{error}</p>}
      <div className={styles.turnEnd} data-status={status}>
        {status === 'interrupted' && <strong>Interrupted</strong>}
        {status === 'failed' && <strong>Failed</strong>}
        {ms !== null && <span>{lengthInWords(ms)}</span>}
        {tokens !== undefined && <span>{countInWords(tokens)} tokens</span>}
        {size.files.length > 0 && (
          <Button kind="quiet" aria-expanded={steps > 0} onClick={() => unfold(steps > 0 ? 0 : 1)}>
            <span>{plural(size.files.length, 'file')} changed</span>
            <span className={styles.plus}>+{size.added}</span>
            <span className={styles.minus}>−{size.removed}</span>
          </Button>
        )}
      </div>
      {steps > 0 && <TurnDiff diff={diff} steps={steps} onMore={() => unfold(steps + 1)} />}
    </>
  );
}

interface TurnDiffProps {
  readonly diff: string;
  readonly steps: number;
  readonly onMore: () => void;
}

function TurnDiff({ diff, steps, onMore }: TurnDiffProps) {
  const files = useMemo(() => filesOfDiff(diff), [diff]);
  const shown = files.slice(0, steps * FILES);
  return (
    <div className={styles.files}>
      {shown.map((file) => (
        <DiffView key={file.path} {...file} />
      ))}
      {shown.length < files.length && (
        <Button kind="quiet" onClick={onMore}>
          Show {Math.min(FILES, files.length - shown.length)} more of {files.length} files
        </Button>
      )}
    </div>
  );
}
