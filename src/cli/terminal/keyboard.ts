import { emitKeypressEvents } from 'node:readline';
import type { Readable } from 'node:stream';

/** The terminal marks what is pasted, so that the ends of its lines are not taken for Enter. */
const MARK_PASTES = '\u001b[?2004h';
const DO_NOT_MARK_PASTES = '\u001b[?2004l';

export interface Key {
  /** What Node calls it: `return`, `left`, `a`; undefined where it has no name for it. */
  readonly name?: string | undefined;
  /** What it types; empty for a key that only does something. */
  readonly text: string;
  readonly ctrl: boolean;
  /** Alt. */
  readonly meta: boolean;
}

export type TypedInput = Readable & { setRawMode?(isRaw: boolean): unknown };

export interface KeyboardOptions {
  readonly input: TypedInput;
  readonly output: { write(text: string): unknown };
  readonly onKey: (key: Key) => void;
  /** Told what the terminal gave: the ends of lines may be any. */
  readonly onPaste: (text: string) => void;
  /** The terminal is closed. */
  readonly onEnd: () => void;
}

/** The keys that a person presses at a terminal, one by one; what is pasted comes as one text. */
export class Keyboard {
  readonly #options: KeyboardOptions;
  #pasted: string[] | undefined;
  readonly #press = (text: string | undefined, key: NodeKey) => this.#onKeypress(text ?? '', key);
  readonly #end = () => this.#options.onEnd();
  /** Whatever ends the process, the shell gets its terminal back as it was. */
  readonly #restore = () => void this.#options.output.write(DO_NOT_MARK_PASTES);

  constructor(options: KeyboardOptions) {
    this.#options = options;
  }

  open(): void {
    const { input, output } = this.#options;
    emitKeypressEvents(input);
    input.on('keypress', this.#press).on('end', this.#end).on('close', this.#end).on('error', this.#end);
    input.setRawMode?.(true);
    process.once('exit', this.#restore);
    output.write(MARK_PASTES);
    input.resume();
  }

  close(): void {
    const { input } = this.#options;
    process.off('exit', this.#restore);
    input.off('keypress', this.#press).off('end', this.#end).off('close', this.#end);
    input.setRawMode?.(false);
    input.pause();
    this.#restore();
  }

  #onKeypress(text: string, { name, sequence = '', ctrl = false, meta = false }: NodeKey): void {
    if (name === 'paste-start') this.#pasted = [];
    else if (name === 'paste-end') {
      const pasted = this.#pasted?.join('') ?? '';
      this.#pasted = undefined;
      if (pasted !== '') this.#options.onPaste(pasted);
    } else if (this.#pasted) this.#pasted.push(text || sequence);
    else {
      const types = !ctrl && !meta && !/\p{Cc}/u.test(text) ? text : '';
      this.#options.onKey({ name, text: types, ctrl, meta });
    }
  }
}

interface NodeKey {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}
