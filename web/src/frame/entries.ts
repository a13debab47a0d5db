/** Something that one can find in the palette and do. */
export interface Entry {
  readonly id: string;
  /** Under which heading it stands. */
  readonly group: string;
  readonly label: string;
  /** What stands beside it: how a run stands, the keys that do the same. */
  readonly hint?: string;
  /** Other words to find it by. */
  readonly words?: string;
  readonly act: () => void;
}

/** The entries that a text means: each of its words has to occur. What begins so comes first; else they stay as they are. */
export function findEntries(entries: readonly Entry[], text: string, most: number): Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries.slice(0, most);
  return entries
    .flatMap((entry) => {
      const ranks = words.map((word) => rankOf(entry, word));
      return ranks.includes(null) ? [] : [{ entry, rank: ranks.reduce<number>((sum, rank) => sum + (rank ?? 0), 0) }];
    })
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ entry }) => entry);
}

/** How well a word fits: at the beginning, at the beginning of a word of it, anywhere in it, or in its other words; null: not at all. */
function rankOf({ label, words = '' }: Entry, word: string): number | null {
  const text = label.toLowerCase();
  if (text.startsWith(word)) return 0;
  if (text.split(/[^\p{L}\p{N}]+/u).some((one) => one.startsWith(word))) return 1;
  if (text.includes(word)) return 2;
  return words.toLowerCase().includes(word) ? 3 : null;
}

/** The entries by their groups, in the order in which each group comes first. */
export function inGroups(entries: readonly Entry[]): { readonly name: string; readonly entries: readonly Entry[] }[] {
  return [...Map.groupBy(entries, ({ group }) => group)].map(([name, its]) => ({ name, entries: its }));
}
