import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { type Filter, isEmpty, readFilter, withFilter } from './filter.ts';
import { readSort, type Sort, writeSort } from './order.ts';
import { VIEW } from './views.ts';

/** What the address says of the list: which runs, in which order. Each choice can be undone by going back; letters that one types cannot. */
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
        // Who types goes on from what was typed before.
        { replace: changed.search !== filter.search },
      ),
    [setAddress, filter.search],
  );
  const setSort = useCallback(
    (changed: Sort | null) =>
      setAddress((now) => {
        const written = new URLSearchParams(now);
        if (changed) written.set('sort', writeSort(changed));
        else written.delete('sort');
        return written;
      }),
    [setAddress],
  );
  return { filter, setFilter, sort, setSort, view: address.get(VIEW) };
}
