import { stripVTControlCharacters } from 'node:util';
import { layOut } from './editor.ts';
import { columnsOf } from './word-wrap.ts';

/** Frames are no closer than this, in milliseconds: what comes in between is shown together. */
const FRAME_MS = 16;
/** Characters that wait for a frame; more are shown at once, so that a slow terminal can slow whoever writes. */
const MAX_WAITING = 64 * 1024;
const [HIDE_CURSOR, SHOW_CURSOR, ERASE_ROW, DOWN] = ['\u001b[?25l', '\u001b[?25h', '\u001b[2K', '\u001b[B'];

/** What stands in the area, in rows that fit, and where the cursor is in it. */
export interface AreaContent {
  readonly rows: readonly string[];
  readonly row: number;
  readonly column: number;
}

export interface LiveAreaOptions {
  readonly output: {
    write(text: string): unknown;
    readonly columns?: number | undefined;
    readonly rows?: number | undefined;
  };
  /** What is to stand in it, for a terminal of this size. */
  readonly content: (width: number, height: number) => AreaContent;
}

/**
 * The end of a terminal's screen, which is drawn anew whenever something changes, while finished lines go above it and
 * scroll away as always. A line that has not ended yet is its first. One frame is one write.
 */
export class LiveArea {
  readonly #options: LiveAreaOptions;
  /** Finished lines that are not on the screen yet, and the one that has not ended. */
  #finished = '';
  #partial = '';
  /** The last finished line is empty, or there is none. */
  #isApart = true;
  #drawn: AreaContent | undefined;
  #lastFrame = '';
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;

  constructor(options: LiveAreaOptions) {
    this.#options = options;
  }

  open(): void {
    this.#isOpen = true;
    this.draw();
  }

  /** Takes the area away; all that was printed stays. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isOpen = false;
    const rest = this.#partial === '' ? '' : `${this.#partial}\n`;
    this.#write(toRows(this.#finished + rest));
    this.#finished = '';
    this.#partial = '';
    this.#drawn = undefined;
    this.#lastFrame = '';
  }

  /** Text that stays: its lines above the area, once they have ended. */
  print(text: string): void {
    const all = this.#partial + text;
    const end = all.lastIndexOf('\n') + 1;
    this.#finished += all.slice(0, end);
    this.#partial = all.slice(end);
    if (end > 0) this.#isApart = /(^|\n)\n$/.test(stripVTControlCharacters(this.#finished.slice(-100)));
    if (this.#isOpen && this.#finished.length < MAX_WAITING) this.change();
    else this.draw();
  }

  /** What stands in the area has changed. */
  change(): void {
    if (this.#isOpen) this.#timer ??= setTimeout(() => this.draw(), FRAME_MS);
  }

  /** The terminal is empty, or may be. */
  forget(): void {
    this.#drawn = undefined;
    this.#lastFrame = '';
    this.draw();
  }

  /** Draws a frame now. */
  draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isOpen) {
      if (this.#finished !== '') this.#options.output.write(toRows(this.#finished));
      this.#finished = '';
      return;
    }
    const { row, column, rows } = this.#compose();
    const back = `${up(rows.length - 1 - row)}\r${column > 0 ? `\u001b[${column}C` : ''}`;
    const frame = rows.join('\r\n') + back;
    if (this.#finished === '' && frame === this.#lastFrame) return;
    this.#write(toRows(this.#finished) + frame);
    this.#finished = '';
    this.#lastFrame = frame;
    this.#drawn = { rows: rows.map((text) => stripVTControlCharacters(text)), row, column };
  }

  #write(text: string): void {
    this.#options.output.write(`${HIDE_CURSOR}${this.#erase()}${text}${SHOW_CURSOR}`);
  }

  #compose(): AreaContent {
    const { output, content } = this.#options;
    const [width, height] = [output.columns || 80, output.rows || 24];
    const area = content(width, height);
    const room = Math.max(0, height - 2 - area.rows.length);
    const begun = room === 0 ? [] : partialRows(this.#partial, width).slice(-room);
    const above = room > 0 && (begun.length > 0 || !this.#isApart) ? [...begun, ''] : begun;
    return { rows: [...above, ...area.rows], row: above.length + area.row, column: area.column };
  }

  /**
   * Row by row: some terminals keep what is erased at once from their first row on, as if it had scrolled away. One that
   * has become narrower has broken what was drawn into more rows.
   */
  #erase(): string {
    if (!this.#drawn) return '';
    const { rows, row, column } = this.#drawn;
    const { columns, rows: height } = this.#options.output;
    const width = columns || 80;
    const rowsOf = (text: string) => Math.max(1, Math.ceil(columnsOf(text) / width));
    const countRows = (texts: readonly string[]) => texts.reduce((sum, text) => sum + rowsOf(text), 0);
    const count = Math.min(countRows(rows), height || 24);
    const erased = Array.from({ length: count }, () => ERASE_ROW).join(DOWN);
    return `${up(countRows(rows.slice(0, row)) + Math.floor(column / width))}\r${erased}${up(count - 1)}`;
  }
}

/** To rows above. */
function up(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A` : '';
}

function partialRows(text: string, width: number): readonly string[] {
  if (text === '') return [];
  const plain = stripVTControlCharacters(text);
  return columnsOf(plain) <= width ? [text] : layOut(plain, 0, width).rows;
}

/** A terminal whose keys we read one by one may not begin a line by itself. */
function toRows(text: string): string {
  return text.replaceAll('\n', '\r\n');
}
