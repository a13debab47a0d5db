import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useCommands } from '../frame/commands.ts';
import { Head } from './head.tsx';
import type { Sort } from './order.ts';
import { RunRow } from './run-row.tsx';
import styles from './run-table.module.css';
import { extend, NOTHING_SELECTED, type Selection, toggle } from './selection.ts';
import { table } from './table-roles.ts';
import { belowInWords, type TreeRow } from './tree.ts';
import { useRunKeys } from './use-run-keys.ts';
import { asCommands, useVerbs } from './use-verbs.ts';

export interface RunTableProps {
  /** In the order in which they are shown. */
  readonly rows: readonly TreeRow[];
  readonly onTurn: (id: string, isOpen: boolean) => void;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
  readonly selection: Selection;
  readonly onSelect: (change: (before: Selection) => Selection) => void;
  readonly onSearch: () => void;
  /** What comes after the last run. */
  readonly foot: ReactNode;
}

/** Runs in a table, of which only what is in sight is drawn. */
export function RunTable({ rows, onTurn, sort, onSort, selection, onSelect, onSearch, foot }: RunTableProps) {
  const [currentId, setCurrentId] = useState<string | null>(null);
  const [focused, setFocused] = useState<{ readonly id: string } | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const ids = rows.map(({ run }) => run.id);
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

  const current = rows[currentIndex]?.run;
  useCommands('The current run', asCommands(useVerbs(current ? { run: current } : null, false)));

  const hosts = new Set(rows.map(({ run }) => run.host));
  const all = selection.ids.size === ids.length ? 'all' : 'some';
  return (
    <div className={styles.scroller} ref={scroller}>
      <div {...table('Runs', rows.length + 1)}>
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
          data={rows}
          bufferSize={BUFFER_PX}
          startMargin={HEAD_PX}
          keepMounted={currentIndex < 0 ? [] : [currentIndex]}
        >
          {({ run, depth, below, isOpen }, index) => (
            <RunRow
              key={run.id}
              run={run}
              index={index}
              depth={depth}
              below={below && belowInWords(below)}
              isOpen={isOpen}
              isSelected={selection.ids.has(run.id)}
              isCurrent={run.id === currentId}
              showsHost={hosts.size > 1}
              onSelect={select}
              onFocus={setCurrentId}
              onTurn={onTurn}
            />
          )}
        </Virtualizer>
      </div>
      {foot}
    </div>
  );
}

/** How high the head is: the token `--head-height`, in pixels. */
const HEAD_PX = 30;
/** How far beyond what is in sight rows are drawn: a wheel outruns less. */
const BUFFER_PX = 1_200;
