import { PassThrough } from 'node:stream';
import { columnsOf } from '../../src/cli/terminal/word-wrap.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what makes it a terminal.
const SEQUENCE = /\u001b\[(\??)(\d*)(?:;\d+)*([A-Za-z])/y;

/**
 * What a terminal shows of what is written to it: rows that scroll away at the top, a cursor, and those movements of it that
 * we use. Anything else is an error. For how rows are broken when it changes its size there is the real one, in test/e2e.
 */
export class VirtualTerminal {
  readonly stream: PassThrough & { columns: number; rows: number; isTTY: true };
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;
  #isCursorShown = true;
  /** Each write, as it came. */
  readonly writes: string[] = [];

  constructor({ columns = 80, rows = 24 } = {}) {
    this.stream = Object.assign(new PassThrough(), { columns, rows, isTTY: true as const });
    this.stream.on('data', (chunk: Buffer) => this.#take(chunk.toString('utf8')));
  }

  /** All rows, also those that have scrolled away, without the empty ones at the end. */
  text(): string {
    return this.#rows
      .map((row) =>
        Array.from(row, (cell) => cell ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  /** The row in which the cursor is, with the cursor as `|`. */
  cursorRow(): string {
    const cells = Array.from(this.#rows[this.#row] ?? [], (cell) => cell ?? ' ');
    const padded = [...cells, ...Array.from({ length: Math.max(0, this.#column - cells.length) }, () => ' ')];
    const shown = this.#isCursorShown ? '|' : '';
    return padded.slice(0, this.#column).join('') + shown + padded.slice(this.#column).join('').trimEnd();
  }

  #take(text: string): void {
    this.writes.push(text);
    for (let at = 0; at < text.length; ) {
      SEQUENCE.lastIndex = at;
      const found = text[at] === '\u001b' ? SEQUENCE.exec(text) : null;
      if (text[at] === '\u001b' && !found)
        throw new Error(`no terminal of ours obeys ${JSON.stringify(text.slice(at, at + 9))}`);
      if (found) this.#obey(found[3] ?? '', found[1] === '?', found[2] ?? '');
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (!found) this.#put(character);
      at += found ? found[0].length : character.length;
    }
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#down();
    else {
      const width = columnsOf(character);
      if (this.#column + width > this.stream.columns) {
        this.#column = 0;
        this.#down();
      }
      const row = this.#rows[this.#row] ?? [];
      row[this.#column] = character;
      if (width === 2) row[this.#column + 1] = '';
      this.#column += width;
    }
  }

  #down(): void {
    this.#row++;
    if (this.#row === this.#rows.length) this.#rows.push([]);
  }

  #obey(what: string, isPrivate: boolean, number: string): void {
    const count = Number(number || 1);
    const top = Math.max(0, this.#rows.length - this.stream.rows);
    if (isPrivate && number === '25') this.#isCursorShown = what === 'h';
    else if (what === 'A') this.#row = Math.max(top, this.#row - count);
    else if (what === 'B') this.#row = Math.min(top + this.stream.rows - 1, this.#row + count);
    else if (what === 'C') this.#column += count;
    else if (what === 'K' && number === '2') this.#rows[this.#row] = [];
    else if (!isPrivate && what !== 'm') throw new Error(`no terminal of ours obeys CSI ${number}${what}`);
    while (this.#rows.length <= this.#row) this.#rows.push([]);
  }
}
