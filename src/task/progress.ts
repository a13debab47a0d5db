/** How far a run is. Each value stands for itself: nothing of the one before is kept. */
export interface Progress {
  /** From 0 to 100; null when nobody knows how much there is to do. */
  readonly percent: number | null;
  readonly message: string | null;
}

/** What is out of bounds is taken for the bound, and what is no number for not known. */
export function progressOf(percent: number | null, message?: string): Progress {
  const known = percent === null || Number.isNaN(percent) ? null : Math.min(100, Math.max(0, percent));
  return { percent: known, message: message ?? null };
}
