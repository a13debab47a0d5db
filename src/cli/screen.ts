import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { duration } from './text.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** A pause shorter than this is no reason to show anything. */
const QUIET_MS = 400;

export interface ScreenOptions {
  readonly output: Writable & { readonly columns?: number };
  /** A terminal that can be written over; without, there is no spinner. */
  readonly isTerminal: boolean;
}

/** Where a session is shown: text that stays, and under it a spinner while nothing comes. */
export class Screen {
  readonly #options: ScreenOptions;
  #column = 0;
  #spinner: NodeJS.Timeout | undefined;
  #quietSince = performance.now();
  #isSpinnerShown = false;
  #label: string | undefined;
  /** What came while a question was open. */
  #held: string[] | undefined;
  readonly #typists = new Set<object>();

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** How many characters fit into a line; without end where nobody looks. */
  get width(): number {
    const { isTerminal, output } = this.#options;
    return isTerminal ? (output.columns ?? 80) : Number.POSITIVE_INFINITY;
  }

  /** Writes text as it is. */
  write(text: string): void {
    if (text === '') return;
    const newline = text.lastIndexOf('\n');
    const { length } = stripVTControlCharacters(text.slice(newline + 1));
    this.#column = newline < 0 ? this.#column + length : length;
    if (this.#held) {
      this.#held.push(text);
      return;
    }
    this.#eraseSpinner();
    this.#quietSince = performance.now();
    this.#options.output.write(text);
  }

  /** Writes a line of its own. */
  line(text = ''): void {
    this.startLine();
    this.write(`${text}\n`);
  }

  /** Ends a line that was begun. */
  startLine(): void {
    if (this.#column > 0) this.write('\n');
  }

  /** Keeps everything back while somebody types; the result shows it, unless somebody else still types. */
  hold(): () => void {
    this.#eraseSpinner();
    this.#held ??= [];
    this.#column = 0; // whoever types ends the line
    const typist = {};
    this.#typists.add(typist);
    return () => {
      this.#typists.delete(typist);
      if (this.#typists.size > 0) return;
      const held = this.#held ?? [];
      this.#held = undefined;
      this.#column = 0;
      for (const text of held) this.write(text);
    };
  }

  /** Shows from now on, while nothing comes, that something is being done. */
  spin(label: string): void {
    this.#label = label;
    if (!this.#options.isTerminal) return;
    this.#spinner ??= setInterval(() => this.#drawSpinner(), FRAME_MS).unref();
  }

  /** Shows nothing of the kind any more. */
  rest(): void {
    clearInterval(this.#spinner);
    this.#spinner = undefined;
    this.#eraseSpinner();
  }

  #drawSpinner(): void {
    const quietMs = performance.now() - this.#quietSince;
    if (this.#held || quietMs < QUIET_MS || this.#column > 0) return;
    const frame = FRAMES[Math.floor(quietMs / FRAME_MS) % FRAMES.length];
    this.#options.output.write(`\r\u001b[2K\u001b[2m${frame} ${this.#label} ${duration(quietMs)}\u001b[22m`);
    this.#isSpinnerShown = true;
  }

  #eraseSpinner(): void {
    if (!this.#isSpinnerShown) return;
    this.#isSpinnerShown = false;
    this.#options.output.write('\r\u001b[2K');
  }
}
