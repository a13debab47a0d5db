import { useEffect, useState } from 'react';
import type { Filter } from './filter.ts';

/** How long after the last letter of a search the server is asked, in milliseconds. */
const PAUSE_MS = 250;

/** The filter, once nobody types any more. */
export function useSettled(filter: Filter): Filter {
  const [settled, setSettled] = useState(filter);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(filter), filter.search === settled.search ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [filter, settled.search]);
  return settled;
}
