import { type CSSProperties, type MouseEvent, memo } from 'react';
import { Link } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { exact } from '../design/exact.ts';
import { grouped, short } from '../design/figures.ts';
import { plural } from '../design/in-words.ts';
import { LOOK_ONLY, useLooksOn } from '../design/looking-on.ts';
import { Meter } from '../design/meter.tsx';
import { briefly, full } from '../design/moment.ts';
import { shownState } from '../design/shown-state.ts';
import { StateMark } from '../design/state-mark.tsx';
import { hasTask } from '../run/header/task-name.tsx';
import { contextOf } from './columns.ts';
import { Elapsed } from './elapsed.tsx';
import { RowMenu } from './row-menu.tsx';
import styles from './run-row.module.css';
import { CELL, row } from './table-roles.ts';
import { TurnButton } from './turn-button.tsx';
import { wordsOf } from './words.ts';

export interface RunRowProps {
  readonly run: RunSummary;
  /** Which of the shown runs it is, from 0 on. */
  readonly index: number;
  /** How many of its ancestors are shown above it. */
  readonly depth: number;
  /** What it has begun, in words; null for nothing that is shown here. */
  readonly below: string | null;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly isCurrent: boolean;
  readonly showsHost: boolean;
  /** `isRange`: all from the last one that was chosen to this one. None of these functions ever changes. */
  readonly onSelect: (id: string, isRange: boolean) => void;
  readonly onFocus: (id: string) => void;
  readonly onTurn: (id: string, isOpen: boolean) => void;
}

/** One run: a line of the table, or two on a phone. It is drawn anew only when something of it has changed. */
export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { run, index, depth, below, isOpen, isSelected, isCurrent, showsHost, onSelect, onFocus, onTurn } = props;
  const { id, name, taskId, openRequests, digest, host, createdAt } = run;
  const looksOn = useLooksOn();
  const words = wordsOf(run, Date.now());
  const context = contextOf(run);
  const { added, removed } = digest.diff;
  const focus = () => onFocus(id);
  const select = ({ shiftKey }: MouseEvent) => onSelect(id, shiftKey);
  return (
    // The head of the table is its first row.
    <div
      {...row(index + 2)}
      data-selected={isSelected || undefined}
      className={styles.row}
      data-current={isCurrent || undefined}
      data-waiting={openRequests > 0 || undefined}
    >
      <span {...CELL} className={styles.select}>
        <label>
          <input
            type="checkbox"
            checked={isSelected}
            disabled={looksOn}
            title={looksOn ? LOOK_ONLY : undefined}
            aria-label={`Select ${name}`}
            onFocus={focus}
            onClick={select}
            onChange={() => {}}
          />
        </label>
      </span>
      <span {...CELL} className={styles.state}>
        <StateMark state={shownState(run)} />
      </span>
      <span {...CELL} className={styles.name} style={{ '--depth': depth } as CSSProperties}>
        {below !== null && (
          <span className={styles.turn}>
            <TurnButton name={name} below={below} isOpen={isOpen} onTurn={(next) => onTurn(id, next)} onFocus={focus} />
          </span>
        )}
        <Link href={`/runs/${id}`} id={`row-${id}`} title={name} onFocus={focus}>
          {name}
        </Link>
        {below !== null && !isOpen && (
          <span className={styles.below} aria-hidden>
            {below.split(' ', 1)}
          </span>
        )}
        {hasTask(taskId) && <span className={styles.task}>{taskId}</span>}
        {digest.queued > 0 && (
          <span className={styles.queued} title={`${plural(digest.queued, 'message')} in its queue`}>
            {digest.queued} queued
          </span>
        )}
      </span>
      <span {...CELL} className={styles.activity} data-bad={words.isBad || undefined} title={words.text}>
        {exact(words.text)}
      </span>
      {showsHost && (
        <span {...CELL} className={styles.host}>
          {host}
        </span>
      )}
      <span {...CELL} className={styles.model} title={digest.model ?? undefined}>
        {digest.model}
      </span>
      <span {...CELL} className={styles.launched}>
        <time dateTime={createdAt} title={full(createdAt)}>
          {briefly(new Date(createdAt), new Date())}
        </time>
      </span>
      <span {...CELL} className={styles.elapsed}>
        <Elapsed run={run} />
      </span>
      <span {...CELL} className={styles.tokens} title={`${grouped(digest.tokens)} tokens`}>
        {digest.tokens > 0 && short(digest.tokens)}
      </span>
      <span {...CELL} className={styles.context}>
        {context !== null && <Meter share={context} label={`${Math.round(context * 100)} % of the context used`} />}
      </span>
      <span {...CELL} className={styles.changes} title={`${digest.diff.files} files changed`}>
        {added > 0 && <ins>+{short(added)}</ins>}
        {removed > 0 && <del>−{short(removed)}</del>}
      </span>
      <span {...CELL} className={styles.menu}>
        <RowMenu run={run} onFocus={focus} />
      </span>
    </div>
  );
});
