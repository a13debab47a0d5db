import { useEffect, useState } from 'react';

/**
 * What is drawn beyond what one sees, in pixels: at first little, so that one sees something sooner; then more and more, so that
 * a quick turn of the wheel finds it there. Each step is short enough for whoever presses a key meanwhile.
 */
const STEPS = [200, 500, 800, 1_100, 1_500] as const;
/** How long after each step the next one is taken, in milliseconds. */
const PAUSE_MS = 100;

/** How far beyond what one sees a transcript is drawn, in pixels. */
export function useAhead(isReady: boolean): number {
  const [step, setStep] = useState(0);
  useEffect(() => {
    if (!isReady || step >= STEPS.length - 1) return;
    const timer = setTimeout(() => setStep(step + 1), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isReady, step]);
  return STEPS[step] ?? STEPS[0];
}
