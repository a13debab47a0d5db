/** How many texts are kept. */
const MAX_TEXTS = 200;

/** What was typed before, to be taken up again with the arrow keys. */
export class InputHistory {
  readonly #texts: string[] = [];
  /** Which of them is shown; their number when none is. */
  #at = 0;
  /** What was being typed when one began to look back. */
  #draft = '';

  add(text: string): void {
    if (text !== this.#texts.at(-1)) this.#texts.push(text);
    if (this.#texts.length > MAX_TEXTS) this.#texts.shift();
    this.#at = this.#texts.length;
  }

  /** The text before; undefined when there is none. */
  back(current: string): string | undefined {
    if (this.#at === 0) return undefined;
    if (this.#at === this.#texts.length) this.#draft = current;
    return this.#texts[--this.#at];
  }

  /** The text after, and at last what was being typed; undefined when nothing comes after. */
  forth(): string | undefined {
    if (this.#at === this.#texts.length) return undefined;
    return this.#texts[++this.#at] ?? this.#draft;
  }
}
