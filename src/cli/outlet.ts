import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** What an outlet writes to: a standard stream, or whatever stands in for it. */
export type OutletStream = Writable & { readonly columns?: number; readonly rows?: number; readonly isTTY?: boolean };

/** Where we write. Whoever reads it may be slow, and may go away before the end. */
export class Outlet {
  readonly stream: OutletStream;
  readonly #closed = new AbortController();

  constructor(stream: OutletStream) {
    this.stream = stream;
    // For good: the error of a write comes later than the write, and without a listener it ends the process.
    stream.on('error', (error) => this.#closed.abort(error));
  }

  /** Aborted, with the error as its reason, when nothing more can be written. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  get columns(): number | undefined {
    return this.stream.columns;
  }

  get rows(): number | undefined {
    return this.stream.rows;
  }

  /** Writes, unless nobody reads any more. */
  write(text: string): void {
    if (!this.closed.aborted) this.stream.write(text);
  }

  /** Resolves when there is room for more, or when it is closed: whoever waits for it piles nothing up. */
  async ready(): Promise<void> {
    if (this.closed.aborted || !this.stream.writableNeedDrain) return;
    await once(this.stream, 'drain', { signal: this.closed }).catch(() => {});
  }
}
