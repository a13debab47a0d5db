import { useEffect, useRef } from 'react';

/** Calls again and again while this is shown and the tab is seen, and at once when it is seen again. */
export function useWhileSeen(act: () => void, everyMs: number): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => whileSeen(() => latest.current(), { everyMs, document }), [everyMs]);
}

export interface WhileSeenOptions {
  readonly everyMs: number;
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

/** The same without React. The returned function ends it. */
export function whileSeen(act: () => void, { everyMs, document }: WhileSeenOptions): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const start = () => {
    timer ??= setInterval(act, everyMs);
  };
  const look = () => {
    if (document.visibilityState !== 'visible') return stop();
    if (timer === undefined) act();
    start();
  };
  document.addEventListener('visibilitychange', look);
  if (document.visibilityState === 'visible') start(); // whoever shows it has what there is by now
  return () => {
    document.removeEventListener('visibilitychange', look);
    stop();
  };
}
