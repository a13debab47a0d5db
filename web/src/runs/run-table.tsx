import { useCallback, useEffect, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { Head } from './head.tsx';
import type { Sort } from './order.ts';
import { RunRow } from './run-row.tsx';
import styles from './run-table.module.css';
import { extend, NOTHING_SELECTED, type Selection, toggle } from './selection.ts';
import { table } from './table-roles.ts';
import { useRunKeys } from './use-run-keys.ts';

export interface RunTableProps {
  /** In the order in which they are shown. */
  readonly runs: readonly RunSummary[];
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
  readonly selection: Selection;
  readonly onSelect: (change: (before: Selection) => Selection) => void;
  readonly onSearch: () => void;
  /** What comes after the last run. */
  readonly foot: string | null;
}

/** Runs in a table, of which only what is in sight is drawn. */
export function RunTable({ runs, sort, onSort, selection, onSelect, onSearch, foot }: RunTableProps) {
  const [currentId, setCurrentId] = useState<string | null>(null);
  const [focused, setFocused] = useState<{ readonly id: string } | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const ids = runs.map(({ id }) => id);
  const currentIndex = currentId === null ? -1 : ids.indexOf(currentId);

  // What a row calls never changes, or all rows would be drawn anew with each update.
  const order = useRef(ids);
  useEffect(() => {
    order.current = ids;
  });
  const select = useCallback(
    (id: string, isRange: boolean) =>
      onSelect((before) => (isRange ? extend(before, id, order.current) : toggle(before, id))),
    [onSelect],
  );
  useEffect(() => {
    if (focused) document.getElementById(`row-${focused.id}`)?.focus({ preventScroll: true });
  }, [focused]);
  useRunKeys({
    ids,
    currentId,
    onSelect: select,
    onSearch,
    onClear: () => onSelect(() => NOTHING_SELECTED),
    onMove: (id) => {
      list.current?.scrollToIndex(ids.indexOf(id), { align: 'nearest' });
      setCurrentId(id);
      setFocused({ id });
    },
  });

  const hosts = new Set(runs.map(({ host }) => host));
  const all = selection.ids.size === ids.length ? 'all' : 'some';
  return (
    <div className={styles.scroller} ref={scroller}>
      <div {...table('Runs', runs.length + 1)}>
        <Head
          sort={sort}
          onSort={onSort}
          showsHost={hosts.size > 1}
          selected={selection.ids.size === 0 ? 'none' : all}
          onSelectAll={(isOn) => onSelect(() => (isOn ? { ids: new Set(ids), anchor: null } : NOTHING_SELECTED))}
        />
        <Virtualizer
          ref={list}
          scrollRef={scroller}
          data={runs}
          bufferSize={BUFFER_PX}
          startMargin={HEAD_PX}
          keepMounted={currentIndex < 0 ? [] : [currentIndex]}
        >
          {(run, index) => (
            <RunRow
              key={run.id}
              run={run}
              index={index}
              isSelected={selection.ids.has(run.id)}
              isCurrent={run.id === currentId}
              showsHost={hosts.size > 1}
              onSelect={select}
              onFocus={setCurrentId}
            />
          )}
        </Virtualizer>
      </div>
      {foot !== null && <p className={styles.foot}>{foot}</p>}
    </div>
  );
}

/** How high the head is: the token `--head-height`, in pixels. */
const HEAD_PX = 30;
/** How far beyond what is in sight rows are drawn: a wheel outruns less. */
const BUFFER_PX = 1_200;
