import type { DiffKind } from './diff-lines.ts';

/** What a diff over several files tells of one of them. */
export interface FileDiff {
  readonly path: string;
  readonly kind: DiffKind;
  readonly diff: string;
}

/** The files of a diff as git makes it. A line of a file's content never begins in its first column, a header does. */
export function filesOfDiff(diff: string): FileDiff[] {
  return diff
    .split(/(?<=^|\n)(?=diff --git )/)
    .filter((part) => part.trim() !== '')
    .map((part) => ({ ...nameAndKind(part), diff: part }));
}

function nameAndKind(part: string): Pick<FileDiff, 'path' | 'kind'> {
  const head = part.split(/(?:^|\n)@@ /)[0] ?? '';
  const before = nameIn(head, '---');
  const after = nameIn(head, '+++');
  const [, renamed] = /\nrename to (.+)/.exec(head) ?? [];
  const path = renamed ?? after ?? before ?? /^diff --git a\/(.+) b\/\1(?:\n|$)/.exec(head)?.[1] ?? '';
  if (renamed) return { path, kind: 'move' };
  if (/\nnew file mode/.test(head)) return { path, kind: 'add' };
  if (/\ndeleted file mode/.test(head)) return { path, kind: 'delete' };
  return { path, kind: 'update' };
}

function nameIn(head: string, mark: '---' | '+++'): string | undefined {
  const line = head.split('\n').find((text) => text.startsWith(`${mark} `));
  const name = line?.slice(4).replace(/\t.*$/, '');
  if (name === undefined || name === '/dev/null') return undefined;
  return name.replace(/^[ab]\//, '');
}

/** A file, and how turn after turn has changed it. */
export interface ChangedFile {
  readonly path: string;
  readonly diffs: readonly (FileDiff & { readonly turn: number })[];
}

/** The diffs of turns, put together per file; `turn` counts from 1. */
export function changesByFile(turnDiffs: readonly string[]): ChangedFile[] {
  const files = new Map<string, (FileDiff & { turn: number })[]>();
  for (const [at, diff] of turnDiffs.entries()) {
    for (const file of filesOfDiff(diff)) {
      const known = files.get(file.path) ?? [];
      known.push({ ...file, turn: at + 1 });
      files.set(file.path, known);
    }
  }
  return [...files].map(([path, diffs]) => ({ path, diffs })).sort((a, b) => (a.path < b.path ? -1 : 1));
}
