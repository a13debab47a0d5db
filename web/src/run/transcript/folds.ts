import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';

/**
 * What the reader of a transcript has unfolded, and how far. It outlives the rows, which are there only while one sees them.
 */
export class Folds {
  readonly #steps = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  /** Changes whenever anything is folded or unfolded. */
  version = 0;

  /** How far it is unfolded: 0 is not at all; undefined where the reader has not said. */
  stepsOf(key: string): number | undefined {
    return this.#steps.get(key);
  }

  readonly isUnfolded = (key: string): boolean => (this.#steps.get(key) ?? 0) > 0;

  set(key: string, steps: number): void {
    if (this.#steps.get(key) === steps) return;
    this.#steps.set(key, steps);
    this.version += 1;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

export const FoldsContext = createContext(new Folds());

/** How far something is unfolded, and the way to change that. */
export function useFold(key: string, initial = 0): readonly [steps: number, unfold: (steps: number) => void] {
  const folds = useContext(FoldsContext);
  const steps = useSyncExternalStore(folds.subscribe, () => folds.stepsOf(key)) ?? initial;
  const unfold = useCallback((wanted: number) => folds.set(key, wanted), [folds, key]);
  return [steps, unfold];
}

/** Which run's rows these are, and where its files lie. */
export interface Place {
  readonly runId: string;
  readonly workspace: string | null;
  /** Shows a file of the workspace, by its path from there on; null where there is no room for that. */
  readonly showFile: ((path: string) => void) | null;
}
export const PlaceContext = createContext<Place>({ runId: '', workspace: null, showFile: null });
