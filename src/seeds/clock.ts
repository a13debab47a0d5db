/** Time as it passes for this process, however its clock is set. Tests bring their own. */
export interface LeaseClock {
  /** Milliseconds since some moment. */
  elapsed(): number;
  /**
   * Calls this once, when so many milliseconds have passed. The result calls it off. `isIdle`: a process that has nothing else to
   * do does not live on for it (false).
   */
  after(ms: number, wake: () => void, isIdle?: boolean): () => void;
  /** What time it is for everybody else, as `Date.now()`. */
  now(): number;
}

export const systemClock: LeaseClock = {
  elapsed: () => performance.now(),
  after(ms, wake, isIdle = false) {
    const timer = setTimeout(wake, Math.min(Math.max(0, Math.ceil(ms)), 2 ** 31 - 1));
    if (isIdle) timer.unref();
    return () => clearTimeout(timer);
  },
  now: () => Date.now(),
};
