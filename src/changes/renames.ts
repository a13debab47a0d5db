import type { WorkspaceChange } from '../contract/workspace-change.ts';
import type { ComparedFile, Verdict } from './comparison.ts';

/** Takes a file that is gone and a new one that holds the same for one that was renamed; the first of each, by path. */
export function foundRenames(
  files: readonly ComparedFile[],
  hashes: ReadonlyMap<WorkspaceChange, Verdict['hashes']>,
): ComparedFile[] {
  const gone = new Map<string, ComparedFile[]>();
  for (const file of files) {
    const [before] = hashes.get(file.change) ?? [];
    // Empty files are all the same.
    if (file.change.change !== 'deleted' || before == null || file.hunks === '') continue;
    gone.set(before, [...(gone.get(before) ?? []), file]);
  }
  const taken = new Set<ComparedFile>();
  const found = files.map((file): ComparedFile => {
    const [, after] = hashes.get(file.change) ?? [];
    const [was, ...rest] = file.change.change === 'added' && after != null ? (gone.get(after) ?? []) : [];
    if (!was || after == null) return file;
    gone.set(after, rest);
    taken.add(was);
    return { change: renamed(was.change, file.change), hunks: '' };
  });
  return found.filter((file) => !taken.has(file));
}

function renamed(was: WorkspaceChange, is: WorkspaceChange): WorkspaceChange {
  const [before, after] = [was.mode?.before, is.mode?.after];
  const isChanged = before !== undefined && after !== undefined && before !== after;
  return {
    path: is.path,
    change: 'renamed',
    from: was.path,
    added: 0,
    removed: 0,
    ...(isChanged && { mode: { before, after } }),
    without: null,
  };
}
