import { stripVTControlCharacters } from 'node:util';
import type { LiveArea } from './live-area.ts';
import type { Style } from './style.ts';
import { duration } from './text.ts';
import { columnsOf, wrapLines } from './word-wrap.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** A pause shorter than this is no reason to show anything. */
const QUIET_MS = 400;
/** Characters that are kept while somebody types; of more, the end. */
const MAX_HELD = 256 * 1024;
/** A block keeps this much room, however narrow the terminal is. */
const MIN_BLOCK = 10;

export interface ScreenOptions {
  readonly output: { write(text: string): unknown; readonly columns?: number | undefined };
  /** A terminal that can be written over; without, there is no spinner. */
  readonly isTerminal: boolean;
  /** Whoever looks need not be told that something is being done: there is no spinner at a terminal either (false). */
  readonly isStill?: boolean;
  readonly style: Style;
  /** Where it is drawn that Codex is doing something, in the place of a spinner. */
  readonly area?: LiveArea | undefined;
}

export interface BlockOptions {
  readonly indent?: string;
  /** What the first line begins with instead, as wide as the indentation. */
  readonly first?: string;
  /** Put on each line. */
  readonly look?: (text: string) => string;
}

/** Where a session is shown: text that stays, and under it a spinner while nothing comes. */
export class Screen {
  readonly #options: ScreenOptions;
  #column = 0;
  #spinner: NodeJS.Timeout | undefined;
  #quietSince = performance.now();
  /** How many columns of a spinner are on the screen. */
  #spinnerColumns = 0;
  /** The last two characters that were written. */
  #end = '';
  #label = '';
  /** When that began, in milliseconds since 1970, where it is known. */
  #begunAt: number | undefined;
  /** What came while a question was open. */
  #held: string | undefined;
  readonly #typists = new Set<object>();

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  /** How many characters fit into a line; without end where nobody looks. A terminal that does not know its size has 0 columns. */
  get width(): number {
    const { isTerminal, output } = this.#options;
    return isTerminal ? output.columns || 80 : Number.POSITIVE_INFINITY;
  }

  /** What is being done. */
  get activity(): string {
    return this.#label;
  }

  /** Writes text as it is. */
  write(text: string): void {
    if (text === '') return;
    const newline = text.lastIndexOf('\n');
    const { length } = stripVTControlCharacters(text.slice(newline + 1));
    this.#end = (this.#end + stripVTControlCharacters(text)).slice(-2);
    this.#column = newline < 0 ? this.#column + length : length;
    if (this.#held !== undefined) {
      this.#hold(text);
      return;
    }
    if (this.#options.area) {
      this.#options.area.print(text);
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

  /** Leaves one line free before what comes next, unless one is free already or nothing stands before it. */
  gap(): void {
    this.startLine();
    if (this.#end !== '' && this.#end !== '\n\n') this.line();
  }

  /** Writes lines of their own, indented and broken between words. */
  block(text: string, options: BlockOptions = {}): void {
    const { indent = '    ', first = indent, look = (line) => line } = options;
    const width = Math.max(MIN_BLOCK, this.width - indent.length);
    for (const [index, line] of wrapLines(text, width).entries()) {
      if (line === '' && index > 0) this.line();
      else this.line((index === 0 ? first : indent) + look(line));
    }
  }

  /** Ends a line that was begun. */
  startLine(): void {
    if (this.#column > 0) this.write('\n');
  }

  /** Keeps everything back while somebody types; the result shows it, unless somebody else still types. */
  hold(): () => void {
    this.#eraseSpinner();
    this.#held ??= '';
    this.#column = 0; // whoever types ends the line
    this.#end = '\n';
    const typist = {};
    this.#typists.add(typist);
    return () => {
      this.#typists.delete(typist);
      if (this.#typists.size > 0) return;
      const held = this.#held ?? '';
      this.#held = undefined;
      this.#column = 0;
      this.write(held);
    };
  }

  /**
   * Shows from now on, while nothing comes, that something is being done, and for how long: since `begunAt`
   * (milliseconds since 1970), or as long as nothing comes. What is being done already has not begun anew.
   */
  spin(label: string, begunAt?: number): void {
    if (label !== this.#label) this.#begunAt = begunAt;
    this.#label = label;
    const { isTerminal, isStill = false, area } = this.#options;
    if (!isTerminal || isStill || area) return;
    this.#spinner ??= setInterval(() => this.#drawSpinner(), FRAME_MS).unref();
  }

  /** Shows nothing of the kind any more. */
  rest(): void {
    clearInterval(this.#spinner);
    this.#spinner = undefined;
    this.#eraseSpinner();
  }

  /** What was left out is told; it is in the journal. */
  #hold(text: string): void {
    const held = this.#held + text;
    const cut = held.length > MAX_HELD;
    this.#held = cut ? `… (some of it is not shown)\n${held.slice(held.indexOf('\n', held.length / 2) + 1)}` : held;
  }

  #drawSpinner(): void {
    const quietMs = performance.now() - this.#quietSince;
    if (this.#held !== undefined || quietMs < QUIET_MS || this.#column > 0) return;
    this.#eraseSpinner();
    const frame = FRAMES[Math.floor(quietMs / FRAME_MS) % FRAMES.length];
    // Another machine may have written down when it began, by a clock that is ahead of ours.
    const doneMs = this.#begunAt === undefined ? quietMs : Math.max(0, Date.now() - this.#begunAt);
    // A line that the terminal breaks could not be erased.
    const [text = ''] = wrapLines(`${frame} ${this.#label} ${duration(doneMs)}`, this.width - 1);
    if (columnsOf(text) >= this.width) return;
    this.#spinnerColumns = columnsOf(text);
    this.#options.output.write(this.#options.style.quiet(text));
  }

  /** With spaces, since a plain terminal may know no other way. */
  #eraseSpinner(): void {
    if (this.#spinnerColumns === 0) return;
    this.#options.output.write(`\r${' '.repeat(this.#spinnerColumns)}\r`);
    this.#spinnerColumns = 0;
  }
}
