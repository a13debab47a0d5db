const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago, or how long until then: `in 5 minutes`, `2 days ago`, `just now`. */
export function relative(time: Date, now: Date): string {
  const difference = time.getTime() - now.getTime();
  const [unit, size] = STEPS.find(([, ms]) => Math.abs(difference) >= ms) ?? ['second', 1000];
  if (unit === 'second') return difference > 0 ? 'in less than a minute' : 'just now';
  return new Intl.RelativeTimeFormat('en', { numeric: 'always' }).format(Math.round(difference / size), unit);
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
  if (time.toDateString() === now.toDateString()) return MINUTE(time);
  return (time.getFullYear() === now.getFullYear() ? DAY : DATE)(time);
}

// Made once, and only where one is needed: to make one takes longer than to draw a row.
const MINUTE = once({ hour: '2-digit', minute: '2-digit' });
const SECOND = once({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = once({ day: 'numeric', month: 'short' });
const DATE = once({ day: 'numeric', month: 'short', year: 'numeric' });
const FULL = once({ dateStyle: 'medium', timeStyle: 'medium' });

function once(options: Intl.DateTimeFormatOptions): (time: Date) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (time) => {
    format ??= new Intl.DateTimeFormat('en-GB', options);
    return format.format(time);
  };
}

/** What the clock shows where the reader is: `09:15`; with `isExact` `09:15:04`. */
export function timeOfDay(at: string, isExact = false): string {
  return (isExact ? SECOND : MINUTE)(new Date(at));
}

/** All of a time: `26 Nov 2026, 09:15:04`. */
export function full(at: string | number): string {
  return FULL(new Date(at));
}
