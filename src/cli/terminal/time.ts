import { timeAway } from '../../contract/time-away.ts';

const SHORT = { second: 's', minute: 'min', hour: 'h', day: 'd' } as const;

/** What is nearer is now. */
const JUST_MS = 1_500;

/** When something was, or will be, seen from now: `just now`, `3 min ago`, `in 2 h`. Both in milliseconds, or as ISO 8601. */
export function when(at: string | number, now: number): string {
  const ms = now - (typeof at === 'number' ? at : Date.parse(at));
  if (!Number.isFinite(ms)) return '';
  if (Math.abs(ms) < JUST_MS) return 'just now';
  return ms > 0 ? `${howLong(ms)} ago` : `in ${howLong(ms)}`;
}

/** So many milliseconds, in the largest unit that fits: `45 s`, `12 min`, `3 h`, `5 d`. */
export function howLong(ms: number): string {
  const { many, unit } = timeAway(ms);
  return `${many} ${SHORT[unit]}`;
}
