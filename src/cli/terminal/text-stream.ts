import type { Screen } from './screen.ts';
import { printable } from './text.ts';
import { WordWrap } from './word-wrap.ts';

type Look = (text: string) => string;

/** Texts that come in pieces: of the message that is being said, and of those that something else came between. */
export class TextStream {
  readonly #screen: Screen;
  /** The item whose text is being written, when the cursor is within it. */
  #current: { readonly id: string; readonly look: Look; readonly wrap: WordWrap } | undefined;
  /** Items whose text was shown as it came, and has not ended. */
  readonly #begun = new Set<string>();

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  write(id: string, text: string, look: Look): void {
    this.#begun.add(id);
    if (this.#current?.id !== id) {
      this.pause();
      this.#current = { id, look, wrap: new WordWrap(this.#screen.width) };
    }
    this.#current.wrap.width = this.#screen.width;
    this.#screen.write(look(this.#current.wrap.push(printable(text))));
  }

  /** The text is whole. What was shown as it came is not shown again, also when something else came in between. */
  complete(id: string, text: string, look: Look): void {
    if (!this.#begun.has(id)) this.write(id, text, look);
    this.#begun.delete(id);
    this.pause();
    this.#screen.line();
  }

  /** The text ends as it stands. Whether the cursor was within it. */
  end(id: string): boolean {
    this.#begun.delete(id);
    const isCurrent = this.#current?.id === id;
    if (isCurrent) this.pause();
    return isCurrent;
  }

  /** Something else is to be shown, on lines of its own. */
  pause(): void {
    if (this.#current) this.#screen.write(this.#current.look(this.#current.wrap.flush()));
    this.#current = undefined;
    this.#screen.startLine();
  }
}
