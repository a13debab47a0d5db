import { patternOf } from './find.ts';
import { ALL, FIRST } from './output/steps.ts';
import { tailOf } from './output/tail.ts';
import type { Row } from './row.ts';

/** What has to be unfolded of a row, and how far, for the reader to see the first place of it in which something is written. */
export function hidingPlace(row: Row, wanted: string): { readonly key: string; readonly steps: number } | null {
  const pattern = patternOf(wanted);
  if (row.kind !== 'item' || !pattern) return null;
  const { item } = row;
  const unfold = (kind: string, steps = 1) => ({ key: `${kind}/${item.id}`, steps });
  switch (item.kind) {
    case 'command':
      if (pattern.test(item.command)) return unfold('command');
      return pattern.test(item.output) && !pattern.test(tailOf(item.output, FIRST).text) ? unfold('output', ALL) : null;
    case 'reasoning':
      return unfold('reasoning');
    case 'toolCall':
      return unfold('tool');
    case 'fileChange':
      return unfold('changes');
    case 'other':
      return unfold('other');
    default:
      return null;
  }
}
