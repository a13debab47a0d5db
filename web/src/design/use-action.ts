import { useCallback, useRef, useState } from 'react';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';

/** Something that one does and that takes a while: it is not begun twice, and why it failed is kept to be shown. */
export interface Action<A extends unknown[]> {
  readonly isBusy: boolean;
  readonly problem: OptioError | null;
  /** Resolves with whether it went well. */
  readonly begin: (...args: A) => Promise<boolean>;
}

export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<OptioError | null>(null);
  const running = useRef(false);
  const latest = useRef(act);
  latest.current = act;
  const begin = useCallback(async (...args: A) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await latest.current(...args);
      return true;
    } catch (thrown) {
      setProblem(fromUnknown(thrown));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { isBusy, problem, begin };
}
