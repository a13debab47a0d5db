const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** When something was, or will be, seen from now: `just now`, `3 min ago`, `in 2 h`. Both in milliseconds, or as ISO 8601. */
export function when(at: string | number, now: number): string {
  const seconds = Math.round((now - (typeof at === 'number' ? at : Date.parse(at))) / 1000);
  if (!Number.isFinite(seconds)) return '';
  if (Math.abs(seconds) < 2) return 'just now';
  return seconds > 0 ? `${roughly(seconds)} ago` : `in ${roughly(-seconds)}`;
}

/** How long, in the largest unit that fits: `45 s`, `12 min`, `3 h`, `5 d`. */
function roughly(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / DAY)} d`;
}
