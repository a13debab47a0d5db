import { useCallback, useEffect, useRef, useState } from 'react';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';

/** Something that is fetched: nothing yet, what came, or why it did not come. What came stays while it is fetched anew. */
export interface Loaded<T> {
  readonly data: T | undefined;
  readonly problem: OptioError | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** Fetches when the key changes, and when it is told to. With the key `null` nothing is fetched. */
export function useLoaded<T>(key: string | null, fetch: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ data?: T; problem: OptioError | null; isLoading: boolean }>({
    problem: null,
    isLoading: key !== null,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(fetch);
  latest.current = fetch;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is how a reload is asked for
  useEffect(() => {
    if (key === null) return;
    let isWanted = true;
    setState((before) => ({ ...before, isLoading: true }));
    latest.current().then(
      (data) => isWanted && setState({ data, problem: null, isLoading: false }),
      (thrown) => isWanted && setState((before) => ({ ...before, problem: fromUnknown(thrown), isLoading: false })),
    );
    return () => {
      isWanted = false;
    };
  }, [key, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { data: state.data, problem: state.problem, isLoading: state.isLoading, reload };
}
