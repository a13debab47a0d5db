import { useEffect, useState } from 'react';

/** What is drawn beyond what one sees, in pixels: a quick turn of the wheel finds it there. */
const AHEAD = 1_500;
/** What is drawn at first, so that one sees something sooner. */
const AHEAD_AT_FIRST = 200;
/** How long after that the rest is drawn, in milliseconds. */
const PAUSE_MS = 150;

/** How far beyond what one sees a transcript is drawn, in pixels. */
export function useAhead(isReady: boolean): number {
  const [ahead, setAhead] = useState(AHEAD_AT_FIRST);
  useEffect(() => {
    if (!isReady) return;
    const timer = setTimeout(() => setAhead(AHEAD), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isReady]);
  return ahead;
}
