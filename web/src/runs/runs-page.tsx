import { useMemo, useRef, useState } from 'react';
import { counted } from '../design/figures.ts';
import { useTitle } from '../frame/title.ts';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { BulkBar } from './bulk-bar.tsx';
import { NoMatch, NoRuns } from './empty.tsx';
import { isEmpty, matches, NO_FILTER } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { inOrder } from './order.ts';
import { deletions } from './run-acts.ts';
import { RunTable } from './run-table.tsx';
import styles from './runs-page.module.css';
import { NOTHING_SELECTED, type Selection, shownOnly } from './selection.ts';
import { useAddress } from './use-address.ts';

/** All runs, those that wait for somebody first. */
export function RunsPage() {
  useTitle('Runs');
  const list = useStore(feed.list);
  const status = useStore(feed.status);
  const hidden = useStore(deletions.hidden);
  const { filter, setFilter, sort, setSort } = useAddress();
  const [chosen, setChosen] = useState<Selection>(NOTHING_SELECTED);
  const search = useRef<HTMLInputElement>(null);

  const all = useMemo(() => [...list.runs.values()].filter(({ id }) => !hidden.has(id)), [list.runs, hidden]);
  const matching = useMemo(() => all.filter((run) => matches(run, filter)), [all, filter]);
  const shown = useMemo(() => inOrder(matching, sort, Date.now()), [matching, sort]);
  const selection = shownOnly(
    chosen,
    shown.map(({ id }) => id),
  );
  const selected = shown.filter(({ id }) => selection.ids.has(id));

  if (list.runs.size === 0 && status === 'connecting') {
    return (
      <p className={styles.loading} role="status">
        Loading the runs …
      </p>
    );
  }
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Runs</h1>
        {all.length > 0 && (
          <FilterBar runs={all} filter={filter} onChange={setFilter} sort={sort} onSort={setSort} searchRef={search} />
        )}
        {all.length > 0 && (
          <output className={styles.count}>
            {isEmpty(filter) ? counted(all.length, 'run') : `${shown.length} of ${counted(all.length, 'run')}`}
          </output>
        )}
      </header>
      {all.length === 0 && <NoRuns />}
      {all.length > 0 && shown.length === 0 && <NoMatch onClear={() => setFilter(NO_FILTER)} />}
      {shown.length > 0 && (
        <RunTable
          runs={shown}
          sort={sort}
          onSort={setSort}
          selection={selection}
          onSelect={setChosen}
          onSearch={() => search.current?.focus()}
          foot={list.isPartial ? LEFT_OUT : null}
        />
      )}
      {selected.length > 0 && <BulkBar runs={selected} onClear={() => setChosen(NOTHING_SELECTED)} />}
    </div>
  );
}

const LEFT_OUT =
  'There are older runs that have ended, which are not in this list. “optio-codex ps --all --search TEXT” finds them.';
