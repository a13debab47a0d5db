import type { WorkspaceEntry, WorkspaceListing } from '../../../src/contract/workspace-file.ts';

/** A directory of a workspace, as far as it was looked at. */
export interface Branch {
  readonly isOpen: boolean;
  readonly entries: readonly WorkspaceEntry[] | undefined;
  /** There are more than were listed. */
  readonly isPartial: boolean;
  readonly isLoading: boolean;
  readonly problem: string | undefined;
}

/** The directories that somebody has opened, by their paths; the workspace itself is the empty one. */
export type Tree = ReadonlyMap<string, Branch>;

export const UNOPENED: Branch = {
  isOpen: false,
  entries: undefined,
  isPartial: false,
  isLoading: false,
  problem: undefined,
};

/** A line of a tree: an entry, or what there is to say of a directory. */
export type Line =
  | {
      readonly kind: 'entry';
      readonly entry: WorkspaceEntry;
      readonly depth: number;
      readonly isOpen: boolean;
      readonly isLoading: boolean;
      /** The how-manieth it is of how many in its directory. */
      readonly place: number;
      readonly of: number;
    }
  | { readonly kind: 'note'; readonly path: string; readonly depth: number; readonly text: string };

/** The lines of the directories that are open. */
export function linesOf(tree: Tree, path = '', depth = 0): Line[] {
  const branch = tree.get(path);
  if (!branch) return [];
  const lines: Line[] = [];
  const note = (text: string) => lines.push({ kind: 'note', path, depth, text });
  const entries = branch.entries ?? [];
  for (const [index, entry] of entries.entries()) {
    const below = entry.kind === 'directory' ? tree.get(entry.path) : undefined;
    const isOpen = below?.isOpen === true;
    const isLoading = below?.isLoading === true;
    lines.push({ kind: 'entry', entry, depth, isOpen, isLoading, place: index + 1, of: entries.length });
    if (isOpen) lines.push(...linesOf(tree, entry.path, depth + 1));
  }
  if (branch.problem !== undefined) note(branch.problem);
  else if (branch.entries?.length === 0) note('empty');
  else if (branch.isPartial) note(`only the first ${grouped(entries.length)} are shown`);
  return lines;
}

/** Directories first, then by name as people sort it. */
export function sorted({ entries }: Pick<WorkspaceListing, 'entries'>): WorkspaceEntry[] {
  const rank = (entry: WorkspaceEntry) => (entry.kind === 'directory' ? 0 : 1);
  return entries.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** What a key does in a tree, as the pattern for trees of ARIA has it. */
export type Move =
  | { readonly kind: 'go'; readonly path: string }
  | { readonly kind: 'open' | 'close' | 'show'; readonly path: string };

export function moveOf(key: string, lines: readonly Line[], current: string): Move | undefined {
  const entries = lines.filter((line) => line.kind === 'entry');
  const index = entries.findIndex(({ entry }) => entry.path === current);
  const here = entries[index];
  if (!here) return entries[0] && { kind: 'go', path: entries[0].entry.path };
  const go = (to: (typeof entries)[number] | undefined): Move | undefined => to && { kind: 'go', path: to.entry.path };
  const { path, kind } = here.entry;
  switch (key) {
    case 'ArrowDown':
      return go(entries[index + 1]);
    case 'ArrowUp':
      return go(entries[index - 1]);
    case 'Home':
      return go(entries[0]);
    case 'End':
      return go(entries.at(-1));
    case 'ArrowRight':
      if (kind !== 'directory') return undefined;
      if (!here.isOpen) return { kind: 'open', path };
      return (entries[index + 1]?.depth ?? 0) > here.depth ? go(entries[index + 1]) : undefined;
    case 'ArrowLeft':
      if (here.isOpen) return { kind: 'close', path };
      return go(entries.slice(0, index).findLast(({ depth }) => depth < here.depth));
    case 'Enter':
    case ' ':
      if (kind === 'directory') return { kind: here.isOpen ? 'close' : 'open', path };
      return { kind: 'show', path };
    default:
      return key.length === 1 ? go(byLetter(entries, index, key)) : undefined;
  }
}

/** The next one whose name begins with a letter. */
function byLetter<T extends { readonly entry: WorkspaceEntry }>(entries: readonly T[], index: number, key: string) {
  const after = [...entries.slice(index + 1), ...entries.slice(0, index + 1)];
  return after.find(({ entry }) => entry.name.toLowerCase().startsWith(key.toLowerCase()));
}

import { grouped } from '../design/figures.ts';
