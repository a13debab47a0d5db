import { type RefObject, useCallback, useEffect, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { nameInAddress } from './addresses.ts';
import type { Folds } from './folds.ts';
import { whereIs } from './reveal.ts';
import type { Row } from './row.ts';
import { chooseVerbosity, verbosity } from './verbosity-choice.ts';

export interface Revealing {
  /** The key of the row that was looked for last. */
  readonly marked: string | null;
  /** The name of a row that an address names, and that there is not. */
  readonly missing: string | null;
  /** Brings the row of this name before the reader, unfolding whatever it lies in. */
  readonly reveal: (name: string) => void;
  readonly unmark: () => void;
}

interface RevealOptions {
  readonly rows: readonly Row[];
  readonly folds: Folds;
  readonly isReady: boolean;
  readonly list: RefObject<VirtualizerHandle | null>;
  /** Called before the reader is taken elsewhere. */
  readonly onLeave: () => void;
}

/** Takes the reader to a row: the one that the address names, and any other that somebody asks for. */
export function useReveal({ rows, folds, isReady, list, onLeave }: RevealOptions): Revealing {
  const [wanted, setWanted] = useState(() => nameInAddress(location.hash));
  const [marked, setMarked] = useState<string | null>(null);
  const [missing, setMissing] = useState<string | null>(null);

  useEffect(() => {
    const onHash = () => setWanted(nameInAddress(location.hash));
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, []);

  useEffect(() => {
    if (wanted === null || !isReady) return;
    const found = whereIs(rows, wanted);
    if (found === null && verbosity.value !== 'everything') return chooseVerbosity('everything');
    if (found && 'foldedIn' in found) return folds.set(found.foldedIn, 1);
    setWanted(null);
    setMissing(found === null ? wanted : null);
    if (!found) return;
    onLeave();
    setMarked(found.key);
    list.current?.scrollToIndex(found.index, { align: 'center' });
  }, [wanted, rows, folds, isReady, list, onLeave]);

  const reveal = useCallback((name: string) => setWanted(name), []);
  const unmark = useCallback(() => {
    setMarked(null);
    setMissing(null);
  }, []);
  return { marked, missing, reveal, unmark };
}
