import { useEffect, useRef, useState } from 'react';
import type { WorkspaceEntry } from '../../../../src/contract/workspace-file.ts';
import { api } from '../../live/api.ts';
import { fitting, type PathToken, pathTokenAt } from './path-token.ts';

/** How many are shown at most; typing one more letter leads to the others. */
const MAX_SHOWN = 12;
/** For how long a listing holds, in milliseconds: the agent works on the files meanwhile. */
const FRESH_MS = 5_000;

interface Listing {
  readonly directory: string;
  readonly entries: readonly WorkspaceEntry[];
  readonly hasFailed?: boolean;
}

export interface PathCompletion {
  readonly token: PathToken | undefined;
  readonly entries: readonly WorkspaceEntry[];
  readonly chosen: number;
  readonly move: (step: 1 | -1) => void;
  /** Offers nothing more for this `@`. */
  readonly dismiss: () => void;
}

/** What fits to the `@` at the caret, in the workspace of a run. */
export function usePathCompletion(runId: string, text: string, caret: number): PathCompletion {
  const [listing, setListing] = useState<Listing | null>(null);
  const [dismissed, setDismissed] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const known = useRef(new Map<string, { at: number; entries: readonly WorkspaceEntry[] }>());
  const found = pathTokenAt(text, caret);
  const token = found && found.from !== dismissed ? found : undefined;
  const directory = token?.directory;
  // There may be no workspace yet: the next letter looks again.
  const lookAgain = listing?.hasFailed === true && listing.directory === directory ? token?.begun : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `lookAgain` is how it is asked for anew
  useEffect(() => {
    if (directory === undefined) return;
    const kept = known.current.get(directory);
    if (kept && Date.now() - kept.at < FRESH_MS) return setListing({ directory, entries: kept.entries });
    let isWanted = true;
    const look = async () =>
      (await (await api.find(runId)).listFiles(directory === '' ? undefined : directory)).entries;
    look().then(
      (entries) => {
        known.current.set(directory, { at: Date.now(), entries });
        if (isWanted) setListing({ directory, entries });
      },
      () => isWanted && setListing({ directory, entries: [], hasFailed: true }), // nothing to offer
    );
    return () => {
      isWanted = false;
    };
  }, [runId, directory, lookAgain]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another beginning has another first one
  useEffect(() => setChosen(0), [directory, token?.begun]);
  const entries =
    token && listing && listing.directory === directory
      ? fitting(listing.entries, token.begun).slice(0, MAX_SHOWN)
      : [];
  return {
    token,
    entries,
    chosen: Math.min(chosen, Math.max(0, entries.length - 1)),
    move: (step) => setChosen((before) => (before + step + entries.length) % Math.max(1, entries.length)),
    dismiss: () => setDismissed(token?.from ?? null),
  };
}
