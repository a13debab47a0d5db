import type { Style } from './style.ts';
import { oneLine } from './text.ts';
import { columnsOf, cutToColumns } from './word-wrap.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** What stands in it. The table itself makes it safe to print. */
  readonly cell: (row: Row) => string;
  /** How that looks. */
  readonly look?: (row: Row, style: Style) => (text: string) => string;
  /** Numbers stand on the right. */
  readonly isRight?: boolean;
  /** Where there is no room for all of them, the columns that matter least are cut and left out first. */
  readonly matters: number;
  /** To how many columns of the terminal it may be cut; it is shown whole or not at all, unless given. */
  readonly least?: number;
}

export interface TableOptions {
  /** How many columns the terminal has. */
  readonly width: number;
  readonly style: Style;
}

const GAP = 2;

/** Rows under their titles, as lines that are no wider than the terminal. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, style }: TableOptions,
): string[] {
  const texts = rows.map((row) => columns.map(({ cell }) => oneLine(cell(row), Number.POSITIVE_INFINITY)));
  const natural = columns.map(({ title }, index) =>
    Math.max(columnsOf(title), ...texts.map((cells) => columnsOf(cells[index] ?? ''))),
  );
  const isBlank = columns.map((_, index) => texts.length > 0 && texts.every((cells) => cells[index] === ''));
  const widths = widthsFor(columns, { natural, isBlank }, width);
  const last = widths.findLastIndex((room) => room > 0);
  const lineOf = (cells: readonly string[], look: (text: string, index: number) => string) =>
    columns
      .flatMap(({ isRight = false }, index) => {
        const room = widths[index] ?? 0;
        if (room === 0) return [];
        const text = cutToColumns(cells[index] ?? '', room);
        const padding = ' '.repeat(room - columnsOf(text));
        if (isRight) return [padding + look(text, index)];
        return [look(text, index) + (index === last ? '' : padding)];
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const titles = columns.map(({ title }) => title);
  const header = lineOf(titles, (text) => style.quiet(text));
  const body = rows.map((row, at) =>
    lineOf(texts[at] ?? [], (text, index) => columns[index]?.look?.(row, style)(text) ?? text),
  );
  return [header, ...body];
}

interface Contents {
  /** How much room each column would take. */
  readonly natural: readonly number[];
  /** Nothing stands in it. */
  readonly isBlank: readonly boolean[];
}

/** How much room each column gets; 0 when it is left out. Where there is no room for all, those that are blank go first. */
function widthsFor<Row>(columns: readonly Column<Row>[], { natural, isBlank }: Contents, room: number): number[] {
  const whole = natural.reduce((sum, width) => sum + width, 0) + GAP * (natural.length - 1);
  const order = columns
    .map((_, index) => index)
    .filter((index) => whole <= room || !isBlank[index])
    .sort((a, b) => (columns[a]?.matters ?? 0) - (columns[b]?.matters ?? 0));
  for (let dropped = 0; ; dropped++) {
    const kept = order.slice(dropped);
    const widths = natural.map((width, index) => (kept.includes(index) ? width : 0));
    let over = widths.reduce((sum, width) => sum + width, 0) + GAP * (kept.length - 1) - room;
    for (const index of kept) {
      const width = widths[index] ?? 0;
      const least = kept.length === 1 ? 1 : (columns[index]?.least ?? width);
      const less = Math.max(0, Math.min(over, width - least));
      widths[index] = width - less;
      over -= less;
    }
    if (over <= 0 || kept.length <= 1) return widths;
  }
}
