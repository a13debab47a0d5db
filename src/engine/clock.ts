/** What time it is, and waiting for a time. Tests bring their own. */
export interface Clock {
  /** In milliseconds, as `Date.now()`. */
  now(): number;
  /**
   * Calls this once: when it is that time, however the clock is set meanwhile, or soon after the clock was set back, for
   * one to look what there is to wait for now. The result calls it off.
   */
  at(time: number, wake: () => void): () => void;
  /** Milliseconds that have passed since some moment, however the clock is set. */
  elapsed(): number;
  /** Calls this once, when so many milliseconds have passed. The result calls it off. */
  after(ms: number, wake: () => void): () => void;
}

/**
 * How often the clock is looked at while we wait, in milliseconds: a timer does not notice that the clock was set or
 * that the machine slept, and cannot wait longer than 2^31 - 1.
 */
const LOOK_MS = 30_000;
/** Timers of Node's cannot wait longer, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, wake) {
    let timer: NodeJS.Timeout;
    const wait = () => {
      const now = Date.now();
      const look = () => (Date.now() >= time || Date.now() < now ? wake() : wait());
      timer = setTimeout(look, Math.min(Math.max(0, time - now), LOOK_MS));
    };
    wait();
    return () => clearTimeout(timer);
  },
  elapsed: () => performance.now(),
  after(ms, wake) {
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      const next = () => (left > MAX_TIMER_MS ? wait(left - MAX_TIMER_MS) : wake());
      timer = setTimeout(next, Math.min(Math.ceil(left), MAX_TIMER_MS));
    };
    wait(Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};
