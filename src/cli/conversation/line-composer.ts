import type { Writable } from 'node:stream';
import type { TypedInput } from '../terminal/keyboard.ts';
import { LineReader } from '../terminal/line-reader.ts';
import type { Composer, ComposerEvents, ReadOptions } from '../terminal/reader.ts';
import type { Screen } from '../terminal/screen.ts';

const PROMPT = '> ';

export interface LineComposerOptions extends ComposerEvents {
  readonly input: TypedInput;
  readonly output: Writable & { readonly columns?: number };
  readonly screen: Screen;
}

/**
 * Where a person types at a terminal that cannot be written over: one line after the other, and only while Codex waits for
 * one; what comes meanwhile is shown afterwards.
 */
export class LineComposer implements Composer {
  readonly #options: LineComposerOptions;
  readonly #reader: LineReader;
  /** Withdraws the input line; undefined where there is none. */
  #expected: AbortController | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(options: LineComposerOptions) {
    this.#options = options;
    this.#reader = new LineReader(options);
  }

  open(): void {}

  close(): string {
    this.expect(false);
    return '';
  }

  /** It stands on the screen. */
  restore(): void {}

  remember(): void {}

  expect(isExpected: boolean): void {
    if (isExpected === (this.#expected !== undefined)) return;
    this.#expected?.abort();
    this.#expected = isExpected ? new AbortController() : undefined;
    if (this.#expected) void this.#readMessages(this.#expected.signal);
  }

  read(label: string, { signal, isSecret = false }: ReadOptions): Promise<string | undefined> {
    const reading = this.#reading.then(() => this.#read(label, { signal, isSecret }));
    this.#reading = reading.catch(() => {});
    return reading;
  }

  async #readMessages(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const typed = await this.read(PROMPT, { signal }).catch(() => '');
      if (typed === undefined) return this.#options.onDetach();
      if (typed !== '') this.#options.onMessage(typed);
    }
  }

  /** Ctrl-C ends the line and not the question. */
  async #read(label: string, { signal, isSecret = false }: ReadOptions): Promise<string | undefined> {
    const { onCommand, onKey } = this.#options;
    for (;;) {
      const typed = await this.#reader.read(label, { signal, isSecret }).catch((thrown) => {
        signal.throwIfAborted();
        if (thrown?.code !== 'aborted') throw thrown;
        return null;
      });
      if (typed === null) continue;
      onKey();
      if (typed === undefined || isSecret || !typed.startsWith('/') || !onCommand(typed)) return typed;
    }
  }
}
