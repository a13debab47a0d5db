import { useEffect, useMemo, useState } from 'react';
import type { SearchQuery } from '../../../src/contract/search.ts';
import { api } from '../live/api.ts';
import { Store, useStore } from '../live/store.ts';
import { NOTHING_FOUND, TextSearch, type TextsFound } from './text-search.ts';

const NONE = new Store<TextsFound>({ ...NOTHING_FOUND, hasMore: false });

export interface TextSearchParts extends TextsFound {
  readonly more: () => void;
  /** Looks once more from the beginning. */
  readonly again: () => void;
}

/** What is found of a query; each has a search of its own, so that no answer comes late for another one. Null: nothing is looked for. */
export function useTextSearch(query: SearchQuery | null): TextSearchParts {
  const [turn, setTurn] = useState(0);
  const key = query && JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is how one asks for another
  const search = useMemo(
    () => (key === null ? null : new TextSearch((asked) => api.search(asked), JSON.parse(key))),
    [key, turn],
  );
  useEffect(() => {
    void search?.more();
    return () => search?.stop();
  }, [search]);
  const state = useStore(search?.state ?? NONE);
  return { ...state, more: () => void search?.more(), again: () => setTurn((before) => before + 1) };
}
