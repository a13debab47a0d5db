import type { Row, RowOf } from './row.ts';
import type { IsUnfolded } from './rows.ts';

/**
 * Folds into one line what a session tells of itself before the first message: what holds for this machine is told at the head
 * of every run. Errors stay where they are. A fold that is alike stays the same object.
 */
export class Opening {
  readonly #isUnfolded: IsUnfolded;
  #known: RowOf<'opening'> | undefined;
  readonly #below = new Map<string, Row>();

  constructor(isUnfolded: IsUnfolded) {
    this.#isUnfolded = isUnfolded;
  }

  of(rows: readonly Row[]): readonly Row[] {
    const end = rows.findIndex(({ kind }) => kind !== 'mark');
    const head = end < 0 ? rows : rows.slice(0, end);
    const marks = head.filter(isFolded);
    const [first] = marks;
    if (!first) return rows;
    const opening = this.#row(first, marks);
    const below = opening.isUnfolded ? marks.map((mark) => this.#markBelow(opening.key, mark)) : [];
    return [
      ...head.flatMap((row) => (row === first ? [opening, ...below] : isFolded(row) ? [] : [row])),
      ...rows.slice(head.length),
    ];
  }

  #row({ key, times }: RowOf<'mark'>, marks: readonly RowOf<'mark'>[]): RowOf<'opening'> {
    const isUnfolded = this.#isUnfolded(`opening/${key}`);
    const revision = `${marks.length}/${isUnfolded}`;
    const common = { key: `opening/${key}`, revision, times, within: null, depth: 0 };
    if (this.#known?.key !== common.key || this.#known.revision !== revision)
      this.#known = { kind: 'opening', ...common, marks, isUnfolded };
    return this.#known;
  }

  #markBelow(within: string, mark: RowOf<'mark'>): Row {
    const known = this.#below.get(mark.key);
    if (known) return known;
    const row: Row = { ...mark, within, depth: mark.depth + 1 };
    this.#below.set(mark.key, row);
    return row;
  }
}

function isFolded(row: Row): row is RowOf<'mark'> {
  return row.kind === 'mark' && row.mark.kind === 'notice' && row.mark.event.level !== 'error';
}

/** `3 notices from the start of the session, 2 of them warnings`. */
export function openingInWords(marks: readonly RowOf<'mark'>[]): string {
  const warnings = marks.filter(isWarning).length;
  const [notices, which] =
    marks.length === 1
      ? ['One notice', warnings === 1 ? ', a warning' : '']
      : [
          `${marks.length} notices`,
          warnings === 0 ? '' : `, ${warnings} of them ${warnings === 1 ? 'a warning' : 'warnings'}`,
        ];
  return `${notices} from the start of the session${which}`;
}

export function isWarning({ mark }: RowOf<'mark'>): boolean {
  return mark.kind === 'notice' && mark.event.level === 'warning';
}
