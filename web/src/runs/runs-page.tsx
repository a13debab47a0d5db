import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { EMPTY_RUN_LIST } from '../../../src/contract/run-update.ts';
import { counted, grouped } from '../design/figures.ts';
import { useLooksOn } from '../design/looking-on.ts';
import { Problem } from '../design/problem.tsx';
import { useTitle } from '../frame/title.ts';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { FoundList } from '../search/found-list.tsx';
import { addressOf } from '../search/found-places.ts';
import { useTextSearch } from '../search/use-text-search.ts';
import { BulkBar } from './bulk-bar.tsx';
import { NoArchive, NoMatch, type NoMatchProps, NoRuns } from './empty.tsx';
import { isEmpty, matches, NO_FILTER, toSearchQuery } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { Foot } from './foot.tsx';
import { inOrder } from './order.ts';
import { deletions } from './run-acts.ts';
import { RunTable } from './run-table.tsx';
import styles from './runs-page.module.css';
import { NOTHING_SELECTED, type Selection, shownOnly } from './selection.ts';
import { useAddress } from './use-address.ts';
import { useOlderRuns } from './use-older-runs.ts';
import { useSettled } from './use-settled.ts';
import { useTree } from './use-tree.ts';
import { ViewBar } from './view-bar.tsx';

/** All runs, those that wait for somebody first. */
export function RunsPage() {
  useTitle('Runs');
  const list = useStore(feed.list);
  const hidden = useStore(deletions.hidden);
  const looksOn = useLooksOn();
  const reach = useStore(feed.reach);
  const { filter, setFilter, sort, setSort, view } = useAddress();
  const older = useOlderRuns(filter);
  const [chosen, setChosen] = useState<Selection>(NOTHING_SELECTED);
  const search = useRef<HTMLInputElement>(null);

  const live = useMemo(() => [...list.runs.values()].filter(({ id }) => !hidden.has(id)), [list.runs, hidden]);
  const beyond = useMemo(
    () => older.runs.filter(({ id }) => !hidden.has(id) && !list.runs.has(id)),
    [older.runs, hidden, list.runs],
  );
  const matching = useMemo(() => live.filter((run) => matches(run, filter)), [live, filter]);
  const shown = useMemo(() => inOrder([...matching, ...beyond], sort, Date.now()), [matching, beyond, sort]);
  // By what runs are sorted, they stand where that puts them.
  const { rows, onTurn } = useTree(shown, sort !== null);
  const ids = useMemo(() => rows.map(({ run }) => run.id), [rows]);
  const selection = shownOnly(chosen, ids);
  const selected = shown.filter(({ id }) => selection.ids.has(id));
  const selectAll = async () => {
    const all = await older.all();
    if (all) setChosen({ ids: new Set([...ids, ...all.map(({ id }) => id)]), anchor: null });
  };

  const settled = useSettled(filter);
  const query = useMemo(() => toSearchQuery(settled), [settled]);
  const said = useTextSearch(query);
  const [, navigate] = useLocation();
  const openFirst = () => {
    const [first] = said.found;
    const [text] = first?.texts ?? [];
    if (first && text && query && settled === filter) navigate(addressOf(first.run.id, query.text, text));
  };
  const focusSearch = () => search.current?.focus();
  const offer = filter.search.trim() !== '' && { onSearchSaid: () => setFilter({ ...filter, isSaid: true }) };

  if (list === EMPTY_RUN_LIST) return <NotYet />;
  const isSaid = filter.isSaid && filter.search.trim() !== '';
  const foot = <Foot older={older} {...offer} />;
  const hasAny = live.length > 0 || filter.isArchived;
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{filter.isArchived ? 'Archive' : 'Runs'}</h1>
        {hasAny && (
          <FilterBar
            runs={filter.isArchived ? beyond : live}
            filter={filter}
            onChange={setFilter}
            sort={sort}
            onSort={setSort}
            onEnter={isSaid ? openFirst : undefined}
            searchRef={search}
          />
        )}
        {hasAny && !isSaid && (
          <output className={styles.count}>
            {isEmpty(filter) || filter.isArchived
              ? counted(shown.length, 'run')
              : `${grouped(shown.length)} of ${reach === null ? '' : 'more than '}${counted(live.length, 'run')}`}
            {older.hasMore && ', and older ones'}
          </output>
        )}
      </header>
      {hasAny && <ViewBar filter={filter} sort={sort} chosen={view} />}
      {!hasAny && <NoRuns />}
      {hasAny && isSaid && (
        <FoundList
          wanted={query?.text ?? ''}
          search={said}
          isStale={settled !== filter && toSearchQuery(filter)?.text !== query?.text}
          isNarrow={!isEmpty({ ...filter, search: '' })}
          onSearch={focusSearch}
        />
      )}
      {shown.length > 0 && !isSaid && (
        <RunTable
          rows={rows}
          onTurn={onTurn}
          sort={sort}
          onSort={setSort}
          selection={selection}
          onSelect={setChosen}
          onSearch={focusSearch}
          foot={foot}
        />
      )}
      {hasAny && shown.length === 0 && !isSaid && (older.hasMore || older.problem) && foot}
      {hasAny && shown.length === 0 && !isSaid && !older.hasMore && !older.problem && (
        <Nothing
          isArchive={filter.isArchived && isEmpty({ ...filter, isArchived: false })}
          onClear={() => setFilter(NO_FILTER)}
          {...offer}
        />
      )}
      {selected.length > 0 && !looksOn && !isSaid && (
        <BulkBar
          runs={selected}
          onClear={() => setChosen(NOTHING_SELECTED)}
          {...(older.hasMore && selected.length === ids.length && { onSelectAll: selectAll })}
        />
      )}
    </div>
  );
}

interface NothingProps extends NoMatchProps {
  readonly isArchive: boolean;
}

function Nothing({ isArchive, ...match }: NothingProps) {
  return isArchive ? <NoArchive onClear={match.onClear} /> : <NoMatch {...match} />;
}

/** What there is to say before the list has come: nobody knows yet whether there are runs. */
function NotYet() {
  const problem = useStore(feed.problem);
  return (
    <div className={styles.loading}>
      {problem ? <Problem error={problem} title="The runs did not come" /> : <p role="status">Loading the runs …</p>}
    </div>
  );
}
