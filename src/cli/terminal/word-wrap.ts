/** Characters that take two columns, and between which a line may be broken: those of East Asia, and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|(?!\p{Regional_Indicator})\p{Emoji_Presentation}/u;
/** Characters that are put onto the one before them. */
const NARROW = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** How many columns a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : NARROW.test(character) ? 0 : 1;
  return columns;
}

/** The beginning of a text that takes at most so many columns; `…` stands for what is left out. */
export function cutToColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let cut = '';
  let taken = 0;
  for (const character of text) {
    taken += columnsOf(character);
    if (taken >= columns) break;
    cut += character;
  }
  return columns < 1 ? '' : `${cut}…`;
}

/** A text as lines of at most so many columns. */
export function wrapLines(text: string, width: number): string[] {
  const wrap = new WordWrap(width);
  return (wrap.push(text) + wrap.flush()).split('\n');
}

/**
 * Breaks a text that comes in pieces between its words, since a terminal breaks it anywhere. Spaces at the end of a line
 * are left out; those at its beginning stay.
 */
export class WordWrap {
  /** How wide a line may be; a terminal may change that. */
  width: number;
  #column = 0;
  /** Spaces, and the word after them that may still grow. */
  #gap = '';
  #word = '';

  constructor(width: number) {
    this.width = width;
  }

  /** What of the text so far can be written. */
  push(text: string): string {
    let ready = '';
    for (const character of text) {
      if (character === '\n') {
        ready += `${this.flush()}\n`;
        this.#column = 0;
        this.#gap = '';
      } else if (character === ' ') {
        ready += this.flush();
        this.#gap += ' ';
      } else if (WIDE.test(character)) {
        ready += this.flush();
        this.#word = character;
        ready += this.flush();
      } else {
        this.#word += character;
      }
    }
    return ready;
  }

  /** The word that was held back. */
  flush(): string {
    if (this.#word === '') return '';
    const length = columnsOf(this.#word);
    const isFirst = this.#column === 0;
    const breaks = !isFirst && this.#column + this.#gap.length + length > this.width;
    const gap = isFirst ? this.#gap.slice(0, Math.max(0, this.width - length)) : this.#gap;
    const ready = (breaks ? '\n' : gap) + this.#word;
    this.#column = breaks ? length : this.#column + gap.length + length;
    this.#gap = '';
    this.#word = '';
    return ready;
  }
}
