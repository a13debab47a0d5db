import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { findInAddress, forgetFindInAddress, nameInAddress, nameOf } from './addresses.ts';
import { findRows } from './find.ts';
import type { Folds } from './folds.ts';
import { hidingPlace } from './hidden-places.ts';
import { whereIs } from './reveal.ts';
import type { Row } from './row.ts';

export interface Find {
  readonly isOpen: boolean;
  readonly wanted: string;
  /** The key of the row at which the reader is; null before the first. */
  readonly current: string | null;
  /** How many rows it is in, and which of them the reader is at (from 1; 0 before the first). */
  readonly count: number;
  readonly at: number;
  readonly open: () => void;
  readonly close: () => void;
  readonly look: (wanted: string) => void;
  /** Goes to the next row (1) or the one before (-1). */
  readonly step: (by: 1 | -1) => void;
}

/** Looks for a text in all rows, also in those that are not drawn just now. */
export function useFind(rows: readonly Row[], folds: Folds, reveal: (name: string) => void): Find {
  const [isOpen, setOpen] = useState(() => findInAddress() !== '');
  const [wanted, setWanted] = useState(findInAddress);
  const [current, setCurrent] = useState<string | null>(null);
  const looked = useDeferredValue(isOpen ? wanted : '');
  const looking = useDeferredValue(rows); // what goes on just now does not have to be looked through for each word
  const found = useMemo(() => findRows(looking, looked), [looking, looked]);
  const index = found.findIndex(({ key }) => key === current);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (isOpen && document.activeElement?.id === FIND_INPUT) return; // a second time it is the browser's own
      event.preventDefault();
      setOpen(true);
      const input = document.getElementById(FIND_INPUT);
      input?.focus();
      if (input instanceof HTMLInputElement) input.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOpen]);

  const goTo = useCallback(
    (row: Row, looksFor: string) => {
      setCurrent(row.key);
      const hiding = hidingPlace(row, looksFor);
      if (hiding) folds.set(hiding.key, Math.max(hiding.steps, folds.stepsOf(hiding.key) ?? 0));
      reveal(nameOf(row.key));
    },
    [folds, reveal],
  );
  // The address says both what is looked for and at which row: that row is shown with the place in it.
  const named = useRef(wanted === '' ? null : nameInAddress(location.hash));
  useEffect(() => {
    const at = named.current === null ? null : whereIs(rows, named.current);
    const row = at && 'index' in at ? rows[at.index] : undefined;
    if (!row) return;
    named.current = null;
    if (findRows([row], wanted).length > 0) goTo(row, wanted);
  }, [rows, wanted, goTo]);

  const step = (by: 1 | -1) => {
    // Who writes fast and goes on at once does not wait for what was put off.
    const places = isOpen && looked !== wanted ? findRows(rows, wanted) : found;
    const next = places.at(index < 0 ? (by === 1 ? 0 : -1) : (index + by) % places.length);
    if (next) goTo(next, wanted);
  };
  const look = (text: string) => {
    setWanted(text);
    setCurrent(null);
  };
  const close = () => {
    forgetFindInAddress();
    setOpen(false);
    setCurrent(null);
  };
  return {
    isOpen,
    wanted: isOpen ? wanted : '',
    current: isOpen ? current : null,
    count: found.length,
    at: index + 1,
    open: () => setOpen(true),
    close,
    look,
    step,
  };
}

/** The id of the field in which one writes what is looked for. */
export const FIND_INPUT = 'find-in-transcript';
