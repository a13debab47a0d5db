import { useCallback, useMemo, useState } from 'react';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { type TreeRow, treeOf } from './tree.ts';

export interface TreeParts {
  readonly rows: readonly TreeRow[];
  /** Opens what is closed, and closes what is open. The function never changes. */
  readonly onTurn: (id: string, isOpen: boolean) => void;
}

/** The rows of a list of runs in which what others have begun stands below them. One that is under way is open until somebody closes it. */
export function useTree(runs: readonly RunSummary[], isFlat = false, isOpenAtFirst = false): TreeParts {
  const [turned, setTurned] = useState<ReadonlyMap<string, boolean>>(new Map());
  const rows = useMemo(() => {
    if (isFlat) return runs.map((run): TreeRow => ({ run, depth: 0, below: null, isOpen: false }));
    return treeOf(runs, ({ id, endedAt }) => turned.get(id) ?? (isOpenAtFirst || endedAt === null));
  }, [runs, isFlat, isOpenAtFirst, turned]);
  const onTurn = useCallback(
    (id: string, isOpen: boolean) => setTurned((before) => new Map(before).set(id, isOpen)),
    [],
  );
  return { rows, onTurn };
}
