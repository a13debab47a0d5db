import type { CSSProperties } from 'react';
import { Link } from 'wouter';
import { Problem } from '../../design/problem.tsx';
import { shownState } from '../../design/shown-state.ts';
import { StateMark } from '../../design/state-mark.tsx';
import { Elapsed } from '../../runs/elapsed.tsx';
import { inOrder } from '../../runs/order.ts';
import { belowInWords, type TreeRow } from '../../runs/tree.ts';
import { TurnButton } from '../../runs/turn-button.tsx';
import { useTree } from '../../runs/use-tree.ts';
import { wordsOf } from '../../runs/words.ts';
import { useRelatives } from '../use-relatives.ts';
import { useSummary } from '../use-summary.ts';
import styles from './runs-panel.module.css';

/** What a run has begun, and what has begun it, as a tree. */
export function RunsPanel({ runId }: { readonly runId: string }) {
  const run = useSummary(runId);
  const { runs, problem } = useRelatives(run);
  const { rows, onTurn } = useTree(inOrder(runs, null, 0), false, true);
  return (
    <>
      {problem && <Problem error={problem} title="Its runs did not come" />}
      <ul className={styles.tree} aria-label="What it has begun, and what has begun it">
        {rows.map((row) => (
          <Row key={row.run.id} row={row} isThis={row.run.id === runId} onTurn={onTurn} />
        ))}
      </ul>
    </>
  );
}

interface RowProps {
  readonly row: TreeRow;
  readonly isThis: boolean;
  readonly onTurn: (id: string, isOpen: boolean) => void;
}

function Row({ row: { run, depth, below, isOpen }, isThis, onTurn }: RowProps) {
  const words = wordsOf(run, Date.now());
  const { percent } = run.digest.progress ?? { percent: null };
  const share = percent === null || run.endedAt !== null ? '' : `${Math.round(percent)} %`;
  const said = [share, words.text].filter(Boolean).join(' · ');
  return (
    <li className={styles.run} style={{ '--depth': depth } as CSSProperties} data-this={isThis || undefined}>
      <span>
        {below && (
          <TurnButton
            name={run.name}
            below={belowInWords(below)}
            isOpen={isOpen}
            onTurn={(next) => onTurn(run.id, next)}
          />
        )}
      </span>
      <span className={styles.name}>
        {isThis ? <strong aria-current="page">{run.name}</strong> : <Link href={`/runs/${run.id}`}>{run.name}</Link>}
        {below && !isOpen && <span className={styles.quiet}>{belowInWords(below)}</span>}
      </span>
      <StateMark state={shownState(run)} />
      <span className={styles.quiet}>
        <Elapsed run={run} />
      </span>
      {said !== '' && (
        <span className={styles.words} data-bad={words.isBad || undefined}>
          {said}
        </span>
      )}
    </li>
  );
}
