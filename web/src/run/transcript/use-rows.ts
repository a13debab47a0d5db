import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Journal } from '../../live/journal.ts';
import type { RunRecord } from '../../live/run-record.ts';
import { useStore } from '../../live/store.ts';
import { findInAddress, nameInAddress } from './addresses.ts';
import { Folds } from './folds.ts';
import { Opening } from './opening.ts';
import type { Row } from './row.ts';
import { lastRows } from './row-height.ts';
import { Rows } from './rows.ts';
import { Shortening, type Verbosity } from './verbosity.ts';
import { verbosity } from './verbosity-choice.ts';

export interface ShownRows {
  readonly rows: readonly Row[];
  readonly folds: Folds;
  /** Whether these are the rows of all that has happened. */
  readonly isWhole: boolean;
  /** Now there is all that came before the end, which one saw so far. */
  readonly isPrepended: boolean;
}

/** What one does first, once one sees the end, is not held up by what is read before that; in milliseconds. */
const FIRST_LOOK_MS = 250;
/** Where the rest takes longer than this, all that is there of the end is drawn; in milliseconds. */
const LONG_MS = 1_000;

/**
 * The rows of a run as its reader wants to see them, as it goes on. Until all of its journal is there, those of its end, unless
 * the address leads elsewhere.
 */
export function useRows(journal: Journal): ShownRows {
  useStore(journal.shown);
  const isCaughtUp = useStore(journal.isCaughtUp);
  const end = useStore(journal.end);
  const chosen = useStore(verbosity);
  const [folds] = useState(() => new Folds());
  const [isEndWanted] = useState(() => nameInAddress(location.hash) === null && findInAddress() === '');
  const foldedAt = useSyncExternalStore(folds.subscribe, () => folds.version);
  const whole = useMemo(() => rowsOf(journal, folds), [journal, folds]);
  const ofEnd = useMemo(() => (isEndWanted && end ? endOf(end, folds) : null), [isEndWanted, end, folds]);
  const [isMade, setMade] = useState(false);
  const isWhole = isCaughtUp && (isMade || ofEnd === null);

  // All rows of a long run are made in a task of their own before they are drawn: a key is answered in between.
  useEffect(() => {
    if (!isCaughtUp || isWhole) return;
    let timer = setTimeout(() => {
      whole(foldedAt, chosen);
      timer = setTimeout(() => setMade(true));
    });
    return () => clearTimeout(timer);
  }, [isCaughtUp, isWhole, whole, foldedAt, chosen]);

  const [isLong, setLong] = useState(false);
  const part = isWhole ? 'whole' : isLong ? 'end' : 'screen';
  const make = isWhole ? whole : ofEnd;
  const stamp = `${isWhole ? journal.view.seq : part}/${chosen}/${foldedAt}`;
  const known = useRef<Known>({ make: null, part, stamp: '', rows: [], isPrepended: false });
  if (known.current.make !== make || known.current.stamp !== stamp) {
    const all = make?.(foldedAt, chosen) ?? [];
    const rows = part === 'screen' ? lastRows(all, innerHeight) : all;
    const isPrepended = known.current.part !== part && known.current.rows.length > 0;
    known.current = { make, part, stamp, rows, isPrepended };
  }
  const { rows, isPrepended } = known.current;

  const isSeen = rows.length > 0 || !isEndWanted;
  useEffect(() => {
    if (!isSeen) return;
    requestAnimationFrame(() => setTimeout(journal.endIsSeen.resolve, FIRST_LOOK_MS));
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, [isSeen, journal]);
  return { rows, folds, isWhole, isPrepended };
}

type MakeRows = (foldedAt: number, chosen: Verbosity) => readonly Row[];

interface Known extends Pick<ShownRows, 'rows' | 'isPrepended'> {
  readonly make: MakeRows | null;
  readonly part: 'screen' | 'end' | 'whole';
  readonly stamp: string;
}

function rowsOf(journal: Journal, { isUnfolded }: Folds): MakeRows {
  const rows = new Rows(journal, isUnfolded);
  const opening = new Opening(isUnfolded);
  const shortening = new Shortening(isUnfolded);
  return (foldedAt, chosen) => shortening.of(opening.of(rows.all(foldedAt)), chosen);
}

function endOf(record: RunRecord, { isUnfolded }: Folds): MakeRows {
  const rows = new Rows(record, isUnfolded);
  const shortening = new Shortening(isUnfolded);
  return (foldedAt, chosen) => shortening.of(rows.all(foldedAt), chosen);
}
