/** How much a unified diff changes. */
export interface DiffSize {
  /** What names each file in it. */
  readonly files: readonly string[];
  readonly added: number;
  readonly removed: number;
}

/** How git begins what it tells of a file. */
const FILE = 'diff --git ';
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** Counts what a unified diff adds and removes. A hunk says how long it is: what is in it may look like a header. */
export function sizeOfDiff(diff: string): DiffSize {
  const files = new Set<string>();
  let [added, removed, before, after] = [0, 0, 0, 0];
  const isOfGit = diff.startsWith(FILE);
  for (let at = 0; at < diff.length; ) {
    const end = diff.indexOf('\n', at);
    const next = end < 0 ? diff.length : end + 1;
    const first = diff[at];
    if (diff.startsWith(FILE, at)) {
      files.add(diff.slice(at + FILE.length, next).trimEnd());
      [before, after] = [0, 0];
    } else if (before > 0 || after > 0) {
      if (first === '+') [added, after] = [added + 1, after - 1];
      else if (first === '-') [removed, before] = [removed + 1, before - 1];
      else if (first !== '\\') [before, after] = [before - 1, after - 1];
    } else if (first === '@') {
      const [found, old, now] = HUNK.exec(diff.slice(at, next)) ?? [];
      if (found) [before, after] = [Number(old ?? 1), Number(now ?? 1)];
    } else if (!isOfGit && diff.startsWith('+++ ', at)) {
      files.add(diff.slice(at + 4, next).trimEnd());
    }
    at = next;
  }
  return { files: [...files], added, removed };
}
