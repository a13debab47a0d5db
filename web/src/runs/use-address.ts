import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { type Filter, isEmpty, readFilter, withFilter } from './filter.ts';
import { readSort, type Sort, writeSort } from './order.ts';
import { VIEW } from './views.ts';

/** What the address says of the list: which runs, in which order. To change it leaves no trace in the history: each letter would. */
export function useAddress() {
  const [address, setAddress] = useSearchParams();
  const filter = useMemo(() => readFilter(address), [address]);
  const sort = useMemo(() => readSort(address.get('sort')), [address]);
  const setFilter = useCallback(
    (changed: Filter) =>
      setAddress(
        (now) => {
          const written = withFilter(now, changed);
          // Whoever clears it wants to see all runs, and not a view that was changed.
          if (isEmpty(changed)) written.delete(VIEW);
          return written;
        },
        { replace: true },
      ),
    [setAddress],
  );
  const setSort = useCallback(
    (changed: Sort | null) =>
      setAddress(
        (now) => {
          const written = new URLSearchParams(now);
          if (changed) written.set('sort', writeSort(changed));
          else written.delete('sort');
          return written;
        },
        { replace: true },
      ),
    [setAddress],
  );
  return { filter, setFilter, sort, setSort, view: address.get(VIEW) };
}
