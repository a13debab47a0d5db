import { timeAway } from '../../contract/time-away.ts';

const SHORT = { second: 's', minute: 'min', hour: 'h', day: 'd' } as const;

/** When something was, or will be, seen from now: `just now`, `3 min ago`, `in 2 h`. Both in milliseconds, or as ISO 8601. */
export function when(at: string | number, now: number): string {
  const ms = now - (typeof at === 'number' ? at : Date.parse(at));
  if (!Number.isFinite(ms)) return '';
  const { many, unit } = timeAway(ms);
  if (unit === 'second' && many < 2) return 'just now';
  return ms > 0 ? `${many} ${SHORT[unit]} ago` : `in ${many} ${SHORT[unit]}`;
}
