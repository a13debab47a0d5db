import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';
import { OptioError } from '../../errors.ts';
import type { Reader, ReadOptions } from './reader.ts';
import type { Screen } from './screen.ts';

export interface LineReaderOptions {
  readonly input: Readable;
  readonly output: Writable & { readonly columns?: number };
  readonly screen: Screen;
  /** Ctrl-C while a line is typed: the terminal hands it to us and not to the process. */
  readonly onInterrupt: () => void;
}

/** Reads what a person types, a line at a time; the screen is quiet meanwhile. */
export class LineReader implements Reader {
  readonly #options: LineReaderOptions;

  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  /** What somebody types, without the spaces around it; undefined when the terminal is closed. Rejects after Ctrl-C. */
  async read(label: string, options: ReadOptions): Promise<string | undefined> {
    const { input, output, screen, onInterrupt } = this.#options;
    const { signal, isSecret = false } = options;
    signal.throwIfAborted();
    const show = screen.hold();
    if (isSecret) output.write(label);
    const reader = createInterface({ input, output: isSecret ? nowhere() : output, terminal: true });
    const closed = Promise.withResolvers<undefined>();
    closed.promise.catch(() => {});
    reader.once('close', () => closed.resolve(undefined));
    // It is closed below, and not at once: a second Ctrl-C that came with the first would be lost.
    reader.on('SIGINT', () => {
      closed.reject(new OptioError('aborted', 'Ctrl-C was pressed'));
      onInterrupt();
    });
    // The reader keeps listening to a signal after it was closed, and would write then.
    const open = new AbortController();
    const withdraw = () => open.abort();
    signal.addEventListener('abort', withdraw, { once: true });
    let typed: string | undefined;
    try {
      typed = await Promise.race([reader.question(isSecret ? '' : label, { signal: open.signal }), closed.promise]);
      return typed?.trim();
    } finally {
      signal.removeEventListener('abort', withdraw);
      reader.close();
      if (typed === undefined || isSecret) output.write('\n');
      show();
    }
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
