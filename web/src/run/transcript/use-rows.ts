import { useRef, useState, useSyncExternalStore } from 'react';
import type { Journal } from '../../live/journal.ts';
import { useStore } from '../../live/store.ts';
import { Folds } from './folds.ts';
import { Opening } from './opening.ts';
import type { Row } from './row.ts';
import { Rows } from './rows.ts';
import { Shortening } from './verbosity.ts';
import { verbosity } from './verbosity-choice.ts';

export interface ShownRows {
  readonly rows: readonly Row[];
  readonly folds: Folds;
}

/** The rows of a run as its reader wants to see them, as it goes on; none before `isReady`. */
export function useRows(journal: Journal, isReady: boolean): ShownRows {
  useStore(journal.shown);
  const chosen = useStore(verbosity);
  const [folds] = useState(() => new Folds());
  const [maker] = useState(() => new Rows(journal, folds.isUnfolded));
  const [opening] = useState(() => new Opening(folds.isUnfolded));
  const [shortening] = useState(() => new Shortening(folds.isUnfolded));
  const foldedAt = useSyncExternalStore(folds.subscribe, () => folds.version);
  const stamp = `${isReady}/${journal.view.seq}/${chosen}/${foldedAt}`;
  const known = useRef<{ readonly stamp: string; readonly rows: readonly Row[] }>(undefined);
  if (known.current?.stamp !== stamp) {
    known.current = { stamp, rows: isReady ? shortening.of(opening.of(maker.all(foldedAt)), chosen) : [] };
  }
  return { rows: known.current.rows, folds };
}
