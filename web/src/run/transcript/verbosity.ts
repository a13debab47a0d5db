import { isWarning } from './opening.ts';
import type { ItemRow, Row } from './row.ts';
import type { IsUnfolded } from './rows.ts';

/** How much of a run its reader wants to see: all of it, the work between messages folded, or messages only. */
export type Verbosity = 'everything' | 'folded' | 'messages';
export const VERBOSITIES: readonly Verbosity[] = ['everything', 'folded', 'messages'];

/** Leaves out of the rows, or folds, what their reader does not want to see. Work that is folded alike stays the same object. */
export class Shortening {
  readonly #isUnfolded: IsUnfolded;
  readonly #known = new Map<string, Row>();

  constructor(isUnfolded: IsUnfolded) {
    this.#isUnfolded = isUnfolded;
  }

  of(rows: readonly Row[], verbosity: Verbosity): readonly Row[] {
    if (verbosity === 'everything') return rows;
    if (verbosity === 'messages') return rows.filter(isSaid);
    const shown: Row[] = [];
    let work: ItemRow[] = [];
    const flush = () => {
      this.#fold(work, shown);
      work = [];
    };
    for (const row of rows) {
      if (isWork(row) && (work.length === 0 || work[0]?.within === row.within)) work.push(row);
      else {
        flush();
        if (isWork(row)) work.push(row);
        else if (!isQuiet(row)) shown.push(row);
      }
    }
    flush();
    return shown;
  }

  #fold(items: readonly ItemRow[], shown: Row[]): void {
    const [first] = items;
    if (!first) return;
    const key = `work/${first.key}`;
    const isUnfolded = this.#isUnfolded(key);
    const { within, depth, times } = first;
    const revision = `${items.length}/${items.at(-1)?.key}/${Math.max(...items.map((item) => Number(item.revision)))}/${isUnfolded}`;
    let row = this.#known.get(key);
    if (row?.revision !== revision) {
      row = { kind: 'work', key, revision, times, within, depth, items, isUnfolded };
      this.#known.set(key, row);
    }
    shown.push(row);
    if (isUnfolded) for (const item of items) shown.push(this.#below(key, item));
  }

  /** A row of work as it stands below the fold. */
  #below(within: string, item: ItemRow): Row {
    const key = `below/${item.key}`;
    const known = this.#known.get(key);
    if (known?.revision === item.revision) return known;
    const row: Row = { ...item, within, depth: item.depth + 1 };
    this.#known.set(key, row);
    return row;
  }
}

const SAID = new Set(['userMessage', 'agentMessage', 'plan']);

function isWork(row: Row): row is ItemRow {
  return row.kind === 'item' && !SAID.has(row.item.kind) && row.item.kind !== 'compaction';
}

function isSaid(row: Row): boolean {
  switch (row.kind) {
    case 'item':
      return SAID.has(row.item.kind);
    case 'mark':
    case 'opening':
      return !isQuiet(row);
    case 'request':
      return row.entry.state === 'open';
    case 'agent':
    case 'work':
    case 'plan':
      return false;
    default:
      return true;
  }
}

/** What matters only to somebody who wants to know everything. */
function isQuiet(row: Row): boolean {
  if (row.kind === 'opening') return !row.marks.some(isWarning);
  if (row.kind !== 'mark' || row.within !== null) return false; // whoever has unfolded it wants to see it
  const { mark } = row;
  return (
    mark.kind === 'session' || mark.kind === 'reconnected' || (mark.kind === 'notice' && mark.event.level === 'info')
  );
}
