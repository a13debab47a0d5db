/** After the first failure, and at most, in milliseconds. */
const [FIRST_MS, MOST_MS] = [2_000, 300_000];
/** For longer than this nobody lets himself be told to wait, in milliseconds. */
const LONGEST_MS = 3_600_000;

/** How long to leave somebody alone after so many failures in a row: longer each time, and not all at once. */
export function backOff(failures: number, askedForMs = 0, random: () => number = Math.random): number {
  const most = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 30), MOST_MS);
  return Math.max(most * (0.5 + random() / 2), Math.min(askedForMs, LONGEST_MS));
}
