import { setTimeout as delay } from 'node:timers/promises';
import { editWith } from '../terminal/editing-keys.ts';
import { Editor, type Layout, layOut } from '../terminal/editor.ts';
import { InputHistory } from '../terminal/input-history.ts';
import { type Key, Keyboard, type TypedInput } from '../terminal/keyboard.ts';
import type { Composer, ComposerEvents, ReadOptions } from '../terminal/reader.ts';
import type { Style } from '../terminal/style.ts';
import { printable } from '../terminal/text.ts';
import { columnsOf, wrapLines } from '../terminal/word-wrap.ts';

const PROMPT = '> ';
/** A question waits until nobody has typed for so long, in milliseconds: a key that was meant for a message answers nothing. */
const TYPING_MS = 700;

export interface LiveComposerOptions extends ComposerEvents {
  readonly input: TypedInput;
  readonly output: { write(text: string): unknown };
  readonly style: Style;
  /** What is typed, or where the cursor is in it, has changed. */
  readonly onChange: () => void;
  /** Ctrl-L: the screen is to be drawn anew. */
  readonly onRedraw: () => void;
  /** Ctrl-Z. */
  readonly onSuspend: () => void;
  /** What the beginning of a command may become. */
  readonly complete: (begun: string) => string;
}

interface Question {
  readonly label: string;
  readonly isSecret: boolean;
  readonly editor: Editor;
  readonly answered: PromiseWithResolvers<string | undefined>;
}

/** The input line that is always there. A question takes its place and gives it back as it was. */
export class LiveComposer implements Composer {
  readonly #options: LiveComposerOptions;
  readonly #keyboard: Keyboard;
  readonly #draft = new Editor();
  readonly #history = new InputHistory();
  #question: Question | undefined;
  #lastKeyAt = Number.NEGATIVE_INFINITY;
  /** Keys that came right after an answer: they are meant for the question that may follow. */
  #early: (() => void)[] | undefined;
  #isClosed = false;

  constructor(options: LiveComposerOptions) {
    this.#options = options;
    const onKey = (key: Key) => this.#soon(() => this.#onKey(key));
    const onPaste = (text: string) => this.#soon(() => this.#edit((editor) => editor.insert(printable(text))));
    this.#keyboard = new Keyboard({ ...options, onKey, onPaste, onEnd: () => this.#end() });
  }

  open(): void {
    this.#keyboard.open();
  }

  close(): string {
    this.#isClosed = true;
    this.#keyboard.close();
    this.#question?.answered.resolve(undefined);
    return this.#draft.text.trim();
  }

  /** Gives the keys back to the shell while the process is stopped. */
  suspend(): void {
    this.#keyboard.close();
  }

  restore(text: string): void {
    const { text: draft } = this.#draft;
    this.#draft.set(draft.trim() === '' ? text : `${text}\n${draft}`);
    this.#options.onChange();
  }

  remember(text: string): void {
    this.#history.add(text);
  }

  /** It is always there. */
  expect(): void {}

  async read(label: string, { signal, isSecret = false }: ReadOptions): Promise<string | undefined> {
    signal.throwIfAborted();
    await this.#untilNobodyTypes(signal);
    if (this.#isClosed) return undefined;
    const question = { label, isSecret, editor: new Editor(), answered: Promise.withResolvers<string | undefined>() };
    const withdraw = () => question.answered.reject(signal.reason);
    signal.addEventListener('abort', withdraw, { once: true });
    this.#question = question;
    this.#options.onChange();
    this.#releaseEarly();
    try {
      return await question.answered.promise;
    } finally {
      signal.removeEventListener('abort', withdraw);
      if (this.#question === question) this.#question = undefined;
      this.#options.onChange();
    }
  }

  /** The rows of the input, at most so many: those around the cursor. */
  layOut(width: number, maxRows: number): Layout {
    const { label, editor, isSecret } = this.#question ?? { label: PROMPT, editor: this.#draft, isSecret: false };
    const { strong } = this.#options.style;
    const labels = wrapLines(label.trimEnd(), width - 1).map((row, index) =>
      index > 0 ? row : keepIndent(label, row),
    );
    const begun = `${labels.pop() ?? ''} `;
    const [text, cursor] = isSecret ? ['', 0] : [editor.text, editor.cursor];
    const laid = layOut(text, cursor, width, Math.min(columnsOf(begun), width - 1));
    const rows = laid.rows.map((row, index) => (index === 0 ? strong(begun) + row : row));
    const all = [...labels.map(strong), ...rows];
    const at = labels.length + laid.row;
    const from = Math.max(0, Math.min(at - maxRows + 1, all.length - maxRows));
    return { rows: all.slice(from, from + maxRows), row: at - from, column: laid.column };
  }

  get #editor(): Editor {
    return this.#question?.editor ?? this.#draft;
  }

  #soon(act: () => void): void {
    if (this.#early) this.#early.push(act);
    else act();
  }

  #releaseEarly(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const act of early) this.#soon(act);
  }

  #onKey(key: Key): void {
    this.#lastKeyAt = performance.now();
    const options = this.#options;
    if (key.ctrl && key.name === 'c') {
      options.onInterrupt();
      return;
    }
    options.onKey();
    if (key.ctrl && key.name === 'd' && this.#editor.text === '') options.onDetach();
    else if (key.ctrl && key.name === 'l') options.onRedraw();
    else if (key.ctrl && key.name === 'z') options.onSuspend();
    else if (key.name === 'tab') this.#complete();
    else if (key.name === 'up') this.#edit((editor) => editor.up() || this.#lookBack(editor));
    else if (key.name === 'down') this.#edit((editor) => editor.down() || this.#lookForth(editor));
    else if (key.name !== 'return' && key.name !== 'enter') this.#edit((editor) => editWith(editor, key));
    else if (key.meta && !this.#question) this.#edit((editor) => editor.insert('\n'));
    else if (this.#continuesLine()) this.#edit(continueLine);
    else this.#submit();
  }

  #edit(act: (editor: Editor) => unknown): void {
    act(this.#editor);
    this.#options.onChange();
  }

  #complete(): void {
    const { text } = this.#editor;
    if (text.startsWith('/')) this.#edit((editor) => editor.set(this.#options.complete(text)));
  }

  #lookBack(editor: Editor): void {
    const text = this.#question ? undefined : this.#history.back(editor.text);
    if (text !== undefined) editor.set(text);
  }

  #lookForth(editor: Editor): void {
    const text = this.#question ? undefined : this.#history.forth();
    if (text !== undefined) editor.set(text);
  }

  /** A backslash before Enter: the message goes on. */
  #continuesLine(): boolean {
    const { text, cursor } = this.#draft;
    return !this.#question && cursor === text.length && text.endsWith('\\');
  }

  #submit(): void {
    const question = this.#question;
    const editor = this.#editor;
    const typed = editor.text.trim();
    const isCommand = typed.startsWith('/') && !question?.isSecret && this.#options.onCommand(typed);
    if (!question && typed !== '') this.#history.add(typed);
    editor.set('');
    if (question && !isCommand) {
      this.#question = undefined;
      question.answered.resolve(typed);
      this.#early = [];
      setImmediate(() => this.#releaseEarly());
    } else if (!isCommand && typed !== '') this.#options.onMessage(typed);
    this.#options.onChange();
  }

  /** Somebody who is typing would answer a question that comes up without having seen it. */
  async #untilNobodyTypes(signal: AbortSignal): Promise<void> {
    while (!this.#isClosed && this.#draft.text !== '') {
      const left = this.#lastKeyAt + TYPING_MS - performance.now();
      if (left <= 0) return;
      await delay(left, undefined, { signal, ref: false });
    }
  }

  #end(): void {
    this.#question?.answered.resolve(undefined);
    this.#options.onEnd();
  }
}

function continueLine(editor: Editor): void {
  editor.backspace();
  editor.insert('\n');
}

/** Breaking between words leaves out the spaces that a label begins with. */
function keepIndent(label: string, row: string): string {
  const indent = /^ */.exec(label)?.[0] ?? '';
  return row.startsWith(indent) ? row : indent + row;
}
