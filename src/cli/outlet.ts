import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { findReader, isThere } from './pipe-reader.ts';

/** How long whoever reads a pipe may take to leave after its first lines, in milliseconds. */
const FIRST_MS = 100;
/** How often it is looked whether somebody reads it, in milliseconds. */
const LOOK_MS = 500;

/** What an outlet writes to: a standard stream, or whatever stands in for it. */
export type OutletStream = Writable & { readonly columns?: number; readonly rows?: number; readonly isTTY?: boolean };

/** Where we write. Whoever reads it may be slow, and may go away before the end. */
export class Outlet {
  readonly stream: OutletStream;
  readonly #closed = new AbortController();
  #isFirst = true;

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

  /**
   * Resolves when there is room for more, or when it is closed: whoever waits for it piles nothing up. That a pipe is read no
   * more (`head -1`) is told by nothing but the failure of another write, so that there has to be one left for afterwards;
   * where nothing comes any more, it is seen by its reader, which is gone.
   */
  async ready(): Promise<void> {
    const isPipe = this.stream instanceof Socket && !this.isTerminal;
    if (this.#isFirst && isPipe) this.#watchReader();
    if (this.#isFirst && isPipe) await delay(FIRST_MS, undefined, { signal: this.closed }).catch(() => {});
    this.#isFirst = false;
    if (this.closed.aborted || !this.stream.writableNeedDrain) return;
    await once(this.stream, 'drain', { signal: this.closed }).catch(() => {});
  }

  /** One that cannot be seen, since it is somebody else's, is not missed either. */
  #watchReader(): void {
    const { fd } = this.stream as { fd?: number };
    let reader = fd === undefined ? undefined : findReader(fd);
    if (fd === undefined || !reader) return;
    const timer = setInterval(() => {
      if (reader && isThere(reader)) return;
      reader = findReader(fd);
      if (!reader) this.#closed.abort(Object.assign(new Error('nobody reads it any more'), { code: 'EPIPE' }));
    }, LOOK_MS).unref();
    this.closed.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
}
