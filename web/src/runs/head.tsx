import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { LOOK_ONLY, useLooksOn } from '../design/looking-on.ts';
import { COLUMNS } from './columns.ts';
import styles from './head.module.css';
import { nextSort, type Sort } from './order.ts';
import rowStyles from './run-row.module.css';
import { columnHead, row } from './table-roles.ts';

export interface HeadProps {
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
  readonly showsHost: boolean;
  /** How many of the shown runs are chosen. */
  readonly selected: 'none' | 'some' | 'all';
  readonly onSelectAll: (all: boolean) => void;
}

/** The heads of the columns: a press sorts by one. */
export function Head({ sort, onSort, showsHost, selected, onSelectAll }: HeadProps) {
  const looksOn = useLooksOn();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = selected === 'some';
  }, [selected]);
  return (
    <div {...row(1)} className={`${styles.head} ${rowStyles.columns}`}>
      <span {...columnHead()}>
        <input
          ref={box}
          type="checkbox"
          aria-label="Select all that are shown"
          checked={selected === 'all'}
          disabled={looksOn}
          title={looksOn ? LOOK_ONLY : undefined}
          onChange={({ target }) => onSelectAll(target.checked)}
        />
      </span>
      {COLUMNS.filter(({ name }) => showsHost || name !== 'host').map((column) => {
        const order = sort?.column === column.name ? (sort.isDescending ? 'descending' : 'ascending') : undefined;
        return (
          <span key={column.name} {...columnHead(order)} className={rowStyles[column.name]}>
            <button type="button" className={styles.sort} onClick={() => onSort(nextSort(sort, column))}>
              {column.label}
              {order === 'ascending' && <ArrowUp size={12} aria-hidden />}
              {order === 'descending' && <ArrowDown size={12} aria-hidden />}
            </button>
          </span>
        );
      })}
      <span {...columnHead()}>
        <span className="visually-hidden">What to do</span>
      </span>
    </div>
  );
}
