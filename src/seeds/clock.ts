/** Time as it passes for this process, however its clock is set. Tests bring their own. */
export interface LeaseClock {
  /** Milliseconds since some moment. */
  elapsed(): number;
  /** Calls this once, when so many milliseconds have passed. The result calls it off. */
  after(ms: number, wake: () => void): () => void;
  /** What time it is for everybody else, as `Date.now()`. */
  now(): number;
}

export const systemClock: LeaseClock = {
  elapsed: () => performance.now(),
  after(ms, wake) {
    // Nobody who has nothing else to do lives on for a lease.
    const timer = setTimeout(wake, Math.min(Math.max(0, Math.ceil(ms)), 2 ** 31 - 1)).unref();
    return () => clearTimeout(timer);
  },
  now: () => Date.now(),
};
