import { useRef, useState } from 'react';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';

export interface Action<A extends unknown[]> {
  /** Does it, unless it is being done already. True once it is done, false when it failed or was not begun. */
  readonly run: (...args: A) => Promise<boolean>;
  readonly isBusy: boolean;
  /** Why it failed last. */
  readonly error: OptioError | null;
  readonly clear: () => void;
}

/** Something that takes a while, is not begun twice, and may fail. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<OptioError | null>(null);
  const isUnderWay = useRef(false); // a second press may come before the button is drawn anew
  const run = async (...args: A) => {
    if (isUnderWay.current) return false;
    isUnderWay.current = true;
    setBusy(true);
    setError(null);
    try {
      await act(...args);
      return true;
    } catch (thrown) {
      setError(fromUnknown(thrown));
      return false;
    } finally {
      isUnderWay.current = false;
      setBusy(false);
    }
  };
  return { run, isBusy, error, clear: () => setError(null) };
}
