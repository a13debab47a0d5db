import { nameOf } from './addresses.ts';
import type { Row } from './row.ts';

/** Where a row is: at this place, or below a row that is folded; null where it is not among these. */
export type Whereabouts = { readonly index: number; readonly key: string } | { readonly foldedIn: string } | null;

/** Looks for the row that is called so. A name may be that of a turn and of an item: such a row has both only where the item's is not its alone. */
export function whereIs(rows: readonly Row[], name: string): Whereabouts {
  const slash = name.indexOf('/');
  return whereIsExactly(rows, name) ?? (slash < 0 ? null : whereIsExactly(rows, name.slice(slash + 1)));
}

function whereIsExactly(rows: readonly Row[], name: string): Whereabouts {
  const index = rows.findIndex((row) => nameOf(row.key) === name);
  const row = rows[index];
  if (row) return { index, key: row.key };
  for (const each of rows) {
    const isInside =
      (each.kind === 'opening' && !each.isUnfolded && each.marks.some(({ key }) => nameOf(key) === name)) ||
      (each.kind === 'work' && !each.isUnfolded && each.items.some(({ key }) => key === name)) ||
      (each.kind === 'agent' && !each.isUnfolded && Object.hasOwn(each.turn.items, name));
    if (isInside) return { foldedIn: each.key };
  }
  return null;
}
