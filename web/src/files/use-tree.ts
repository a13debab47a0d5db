import { useCallback, useEffect, useRef, useState } from 'react';
import { fromUnknown } from '../../../src/errors.ts';
import { api } from '../live/api.ts';
import { sorted, type Tree, UNOPENED } from './tree.ts';

/** The tree of a workspace, of which a directory is fetched when it is opened for the first time. */
export interface OpenTree {
  readonly tree: Tree;
  readonly open: (path: string) => void;
  readonly close: (path: string) => void;
  /** Fetches what is open anew. */
  readonly reload: () => void;
}

/** `place`: where the workspace is, as far as that can be asked just now; what is open is fetched anew once it is another. */
export function useTree(runId: string, place: string | null): OpenTree {
  const [tree, setTree] = useState<Tree>(new Map());
  const isWanted = useRef(true);
  /** How often each directory was asked for: only what was asked last counts. */
  const asked = useRef(new Map<string, number>());
  const change = useCallback((path: string, to: object) => {
    if (!isWanted.current) return;
    setTree((before) => new Map(before).set(path, { ...UNOPENED, ...before.get(path), ...to }));
  }, []);
  const fetch = useCallback(
    async (path: string) => {
      const turn = (asked.current.get(path) ?? 0) + 1;
      asked.current.set(path, turn);
      const isLast = () => asked.current.get(path) === turn;
      change(path, { isLoading: true });
      try {
        const listing = await (await api.find(runId)).listFiles(path === '' ? undefined : path);
        if (!isLast()) return;
        change(path, { entries: sorted(listing), isPartial: listing.isPartial, isLoading: false, problem: undefined });
      } catch (thrown) {
        if (!isLast()) return;
        const { message, remedy } = fromUnknown(thrown);
        change(path, { isLoading: false, problem: [message, remedy].filter(Boolean).join('. ') });
      }
    },
    [runId, change],
  );
  useEffect(() => {
    isWanted.current = true;
    change('', { isOpen: true });
    void fetch('');
    return () => {
      isWanted.current = false;
    };
  }, [fetch, change]);
  const latest = useRef(tree);
  latest.current = tree;
  const open = useCallback(
    (path: string) => {
      change(path, { isOpen: true });
      if (!latest.current.get(path)?.isLoading) void fetch(path);
    },
    [fetch, change],
  );
  const close = useCallback((path: string) => change(path, { isOpen: false }), [change]);
  const reload = useCallback(() => {
    for (const [path, branch] of latest.current) if (branch.isOpen) void fetch(path);
  }, [fetch]);
  const last = useRef(place);
  useEffect(() => {
    if (last.current === place) return;
    last.current = place;
    if (place !== null) reload();
  }, [place, reload]);
  return { tree, open, close, reload };
}
