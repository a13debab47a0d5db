import type { Outlet } from './outlet.ts';
import { type Style, styleFor } from './terminal/style.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { jsonLine } from './terminal/text.ts';

export interface ReportOptions {
  readonly output: Outlet;
  /** For a program: JSON, and nothing else. */
  readonly isJson: boolean;
  /** What time it is, in milliseconds. */
  readonly now: () => number;
}

/** What a verb says on standard output: lines to a person, JSON to a program. */
export class Report {
  readonly output: Outlet;
  readonly isJson: boolean;
  readonly style: Style;
  readonly #now: () => number;

  constructor({ output, isJson, now }: ReportOptions) {
    this.output = output;
    this.isJson = isJson;
    this.style = styleFor({ isTTY: output.isTerminal });
    this.#now = now;
  }

  get now(): number {
    return this.#now();
  }

  /** How many columns a line may have; without end where nobody looks. */
  get width(): number {
    return this.output.isTerminal ? this.output.columns || 80 : Number.POSITIVE_INFINITY;
  }

  /** Says the same to either: `data` to a program, `lines` to a person. Lines have to be safe to print. */
  say(data: unknown, lines: () => readonly string[]): void {
    if (this.isJson) this.output.write(jsonLine(data));
    else for (const line of lines()) this.output.write(`${line}\n`);
  }

  /** The lines of a table, or what to say when it has no rows. */
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): string[] {
    return rows.length === 0 ? [empty] : tableLines(rows, columns, this);
  }
}
