import { columnsOf } from './word-wrap.ts';

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** How a tab is shown: how far a real one goes depends on what stands before it. */
const TAB = '    ';

/** A text of one or several lines as it is typed, and the cursor in it; knows nothing of keys or of a screen. */
export class Editor {
  #text = '';
  /** Where the next character goes, as an index into the text; never within what one sees as one character. */
  #cursor = 0;

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Takes another text, with the cursor at its end. */
  set(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  insert(text: string): void {
    this.#replace(this.#cursor, this.#cursor, text);
  }

  left(): void {
    this.#cursor = this.#before(this.#cursor);
  }

  right(): void {
    this.#cursor = this.#after(this.#cursor);
  }

  wordLeft(): void {
    this.#cursor = this.#wordStart();
  }

  wordRight(): void {
    const word = /^[^\p{L}\p{N}]*[\p{L}\p{N}]*/u.exec(this.#text.slice(this.#cursor));
    this.#cursor += word?.[0].length ?? 0;
  }

  lineStart(): void {
    this.#cursor = this.#lineStartOf(this.#cursor);
  }

  lineEnd(): void {
    const end = this.#text.indexOf('\n', this.#cursor);
    this.#cursor = end < 0 ? this.#text.length : end;
  }

  /** To the line above, about as far from its beginning. Whether there is one. */
  up(): boolean {
    const start = this.#lineStartOf(this.#cursor);
    if (start === 0) return false;
    const above = this.#lineStartOf(start - 1);
    this.#cursor = this.#boundary(Math.min(above + this.#cursor - start, start - 1));
    return true;
  }

  /** To the line below. Whether there is one. */
  down(): boolean {
    const end = this.#text.indexOf('\n', this.#cursor);
    if (end < 0) return false;
    const next = this.#text.indexOf('\n', end + 1);
    const column = this.#cursor - this.#lineStartOf(this.#cursor);
    this.#cursor = this.#boundary(Math.min(end + 1 + column, next < 0 ? this.#text.length : next));
    return true;
  }

  backspace(): void {
    this.#replace(this.#before(this.#cursor), this.#cursor, '');
  }

  delete(): void {
    this.#replace(this.#cursor, this.#after(this.#cursor), '');
  }

  deleteWord(): void {
    this.#replace(this.#wordStart(), this.#cursor, '');
  }

  deleteToLineStart(): void {
    this.#replace(this.#lineStartOf(this.#cursor), this.#cursor, '');
  }

  deleteToLineEnd(): void {
    const end = this.#text.indexOf('\n', this.#cursor);
    this.#replace(this.#cursor, end < 0 ? this.#text.length : end, '');
  }

  #replace(from: number, to: number, text: string): void {
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(to);
    this.#cursor = from + text.length;
  }

  #wordStart(): number {
    const before = this.#text.slice(0, this.#cursor);
    return before.length - (/[\p{L}\p{N}]*[^\p{L}\p{N}]*$/u.exec(before)?.[0].length ?? 0);
  }

  #lineStartOf(index: number): number {
    return index === 0 ? 0 : this.#text.lastIndexOf('\n', index - 1) + 1;
  }

  #before(index: number): number {
    const start = this.#lineStartOf(index);
    if (index === start) return Math.max(0, index - 1);
    return start + (GRAPHEMES.segment(this.#text.slice(start, index)).containing(index - start - 1)?.index ?? 0);
  }

  #after(index: number): number {
    const end = this.#text.indexOf('\n', index);
    const line = this.#text.slice(index, end < 0 ? undefined : end);
    return line === '' ? Math.min(this.#text.length, index + 1) : index + firstGrapheme(line).length;
  }

  /** The beginning of the character that is there. */
  #boundary(index: number): number {
    const start = this.#lineStartOf(index);
    const line = this.#text.slice(start);
    return index === this.#text.length
      ? index
      : start + (GRAPHEMES.segment(line).containing(index - start)?.index ?? 0);
  }
}

/** A text in rows that are no wider than so many columns, and where in them the cursor is. */
export interface Layout {
  readonly rows: readonly string[];
  readonly row: number;
  readonly column: number;
}

/** Lays a text out; `first` is how many columns of the first row are taken. */
export function layOut(text: string, cursor: number, width: number, first = 0): Layout {
  const rows = [''];
  let [column, at] = [first, { row: 0, column: first }];
  const breakRow = () => {
    rows.push('');
    column = 0;
  };
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    const shown = segment === '\t' ? TAB : segment;
    const columns = segment === '\n' ? 0 : columnsOf(shown);
    if (column + columns > width && column > 0) breakRow();
    if (index === cursor) at = { row: rows.length - 1, column };
    if (segment === '\n') breakRow();
    else {
      rows[rows.length - 1] += shown;
      column += columns;
    }
  }
  if (cursor >= text.length) {
    if (column >= width) breakRow(); // the cursor needs a place as well
    at = { row: rows.length - 1, column };
  }
  return { rows, ...at };
}

function firstGrapheme(text: string): string {
  for (const { segment } of GRAPHEMES.segment(text)) return segment;
  return '';
}
