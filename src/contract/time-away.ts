const DAY_MS = 86_400_000;
/** How long each is, in milliseconds, and from how many on the next one is said. */
const UNITS = [
  ['second', 1_000, 60],
  ['minute', 60_000, 60],
  ['hour', 3_600_000, 48], // of the second day a half is too much to leave out
] as const;

/** How far away a time is, as people say it. */
export interface TimeAway {
  /** Whole, and rounded: 1 h 50 min are 2 hours. */
  readonly many: number;
  /** The largest that fits; hours up to two days. */
  readonly unit: (typeof UNITS)[number][0] | 'day';
}

/** So many milliseconds, ahead or ago: wherever it is told how far away a time is, it is told the same. */
export function timeAway(ms: number): TimeAway {
  for (const [unit, size, end] of UNITS) {
    const many = Math.round(Math.abs(ms) / size);
    if (many < end) return { many, unit };
  }
  return { many: Math.round(Math.abs(ms) / DAY_MS), unit: 'day' };
}
