import { Search } from 'lucide-react';
import { type Ref, useMemo } from 'react';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { Button } from '../design/button.tsx';
import { ChoiceMenu } from '../design/choice-menu.tsx';
import type { ShownState } from '../design/shown-state.ts';
import { COLUMNS } from './columns.ts';
import { type Filter, isEmpty, NO_FILTER } from './filter.ts';
import styles from './filter-bar.module.css';
import { choicesOf } from './filter-choices.ts';
import { nextSort, type Sort } from './order.ts';

export interface FilterBarProps {
  /** All runs, whether they match or not. */
  readonly runs: readonly RunSummary[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
  /** What Enter does where one types what is looked for; nothing unless given. */
  readonly onEnter?: (() => void) | undefined;
  readonly searchRef: Ref<HTMLInputElement>;
}

/** For where there is no room for each column and its head. */
const SORTS = COLUMNS.map(({ name, label }) => ({ value: name, label }));

function firstSort(name: string | undefined): Sort | null {
  const column = COLUMNS.find((one) => one.name === name);
  return column ? nextSort(null, column) : null;
}

/** Which runs one wants to see. */
export function FilterBar({ runs, filter, onChange, sort, onSort, onEnter, searchRef }: FilterBarProps) {
  const choices = useMemo(() => choicesOf(runs), [runs]);
  const change = (part: Partial<Filter>) => onChange({ ...filter, ...part });
  return (
    <search className={styles.bar}>
      <label className={styles.search}>
        <Search size={15} aria-hidden />
        <input
          ref={searchRef}
          type="search"
          aria-label="Search runs"
          placeholder="Search"
          value={filter.search}
          onChange={({ target }) => change({ search: target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) onEnter?.();
            if (event.key !== 'Escape') return;
            change({ search: '', isSaid: false });
            document.getElementById('main')?.focus();
          }}
        />
      </label>
      {(filter.search.trim() !== '' || filter.isSaid) && (
        <fieldset className={styles.where} aria-label="Search in">
          <Button kind="quiet" aria-pressed={!filter.isSaid} onClick={() => change({ isSaid: false })}>
            Names
          </Button>
          <Button kind="quiet" aria-pressed={filter.isSaid} onClick={() => change({ isSaid: true })}>
            What was said
          </Button>
        </fieldset>
      )}
      <div className={styles.choices}>
        <Button
          kind="quiet"
          aria-pressed={filter.isWaiting}
          className={styles.waiting}
          onClick={() => change({ isWaiting: !filter.isWaiting })}
        >
          Waiting for you
          {choices.waiting > 0 && <span className={styles.count}>{choices.waiting}</span>}
        </Button>
        <Button
          kind="quiet"
          aria-pressed={filter.isArchived}
          className={styles.archive}
          onClick={() => change({ isArchived: !filter.isArchived })}
        >
          Archive
        </Button>
        <ChoiceMenu
          label="State"
          choices={choices.states}
          chosen={filter.states}
          onChange={(states) => change({ states: states as ShownState[] })}
        />
        {(choices.tasks.length > 1 || filter.task !== null) && (
          <ChoiceMenu
            label="Task"
            isSingle
            choices={choices.tasks}
            chosen={filter.task === null ? [] : [filter.task]}
            onChange={([task]) => change({ task: task ?? null })}
          />
        )}
        {(choices.tags.length > 0 || filter.tags.length > 0) && (
          <ChoiceMenu label="Tag" choices={choices.tags} chosen={filter.tags} onChange={(tags) => change({ tags })} />
        )}
        <span className={styles.sort}>
          <ChoiceMenu
            label="Sort"
            isSingle
            choices={SORTS}
            chosen={sort === null ? [] : [sort.column]}
            onChange={([name]) => onSort(firstSort(name))}
          />
        </span>
        {!isEmpty(filter) && (
          <Button kind="quiet" onClick={() => onChange(NO_FILTER)}>
            Clear
          </Button>
        )}
      </div>
    </search>
  );
}
