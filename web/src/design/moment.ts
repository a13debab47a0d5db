import { timeAway } from '../../../src/contract/time-away.ts';

/** How long ago, or how long until then: `in 5 minutes`, `2 days ago`, `just now`. */
export function relative(time: Date, now: Date): string {
  const difference = time.getTime() - now.getTime();
  const { many, unit } = timeAway(difference);
  if (unit === 'second') return difference > 0 ? 'in less than a minute' : 'just now';
  const inUnits = `${many} ${unit}${many === 1 ? '' : 's'}`;
  return difference > 0 ? `in ${inUnits}` : `${inUnits} ago`;
}

/** A time of day where the reader is: `Thu 26 Nov, 09:15`; with the year where it is another one. */
export function local(time: Date, now: Date, timeZone?: string): string {
  const isThisYear = time.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone !== undefined && { timeZone }),
  }).format(time);
}

/** A time of the past in few characters: `09:15` on the same day, else `26 Nov`, or `26 Nov 2025` in another year. */
export function briefly(time: Date, now: Date): string {
  if (time.toDateString() === now.toDateString()) return clock(time, false);
  return time.getFullYear() === now.getFullYear() ? day(time) : `${day(time)} ${time.getFullYear()}`;
}

// By hand: what the browser has for it takes many milliseconds the first time, which the opening of a run has not.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

function day(time: Date): string {
  return `${time.getDate()} ${MONTHS[time.getMonth()] ?? ''}`;
}

function clock(time: Date, isExact: boolean): string {
  const parts = [time.getHours(), time.getMinutes(), ...(isExact ? [time.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** What the clock shows where the reader is: `09:15`; with `isExact` `09:15:04`. */
export function timeOfDay(at: string, isExact = false): string {
  return clock(new Date(at), isExact);
}

/** All of a time: `26 Nov 2026, 09:15:04`. */
export function full(at: string | number): string {
  const time = new Date(at);
  return `${day(time)} ${time.getFullYear()}, ${clock(time, true)}`;
}
