import { setImmediate as breathe } from 'node:timers/promises';
import type { RunEvent } from '../contract/event.ts';
import { sizeOf } from '../contract/event-size.ts';
import { JournalPiece } from '../contract/journal-piece.ts';
import type { Journal } from '../store/store.ts';
import { Bell } from './bell.ts';

/** How much of the newest events is kept at hand: events, and roughly characters of them. */
const MAX_EVENTS = 2_000;
const MAX_SIZE = 1024 * 1024;

/**
 * The newest events of a journal at hand, and all others from the store. A reader asks for what comes after the last
 * one that it has seen, so that it misses nothing and gets nothing twice, and holds nothing back while it is slow.
 */
export class EventTail {
  readonly #store: Pick<Journal, 'readPiece'>;
  readonly #runId: string;
  #events: RunEvent[] = [];
  #sizes: number[] = [];
  #size = 0;
  #lastSeq: number;
  #hasEnded = false;
  /** Rings with each piece: what readers wait for who have read everything. */
  readonly #grown = new Bell();

  constructor(store: Pick<Journal, 'readPiece'>, runId: string, lastSeq: number) {
    this.#store = store;
    this.#runId = runId;
    this.#lastSeq = lastSeq;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Takes what was written. */
  add(events: readonly RunEvent[]): void {
    for (const event of events) {
      const size = sizeOf(event);
      this.#events.push(event);
      this.#sizes.push(size);
      this.#size += size;
      this.#lastSeq = event.seq;
      if (event.type === 'run.ended') this.#hasEnded = true;
    }
    this.#trim();
    this.#grown.ring();
  }

  /** Nothing will be added any more. */
  end(): void {
    this.#hasEnded = true;
    this.#grown.ring();
  }

  /** What comes after this number, as much at a time as is there, until there is no more, or the signal is aborted. */
  async *pieces(after: number, signal?: AbortSignal): AsyncIterable<JournalPiece> {
    for (let at = after; !signal?.aborted; ) {
      const { rung } = this.#grown;
      const isAtHand = at + 1 >= this.#first;
      const page = isAtHand
        ? JournalPiece.ofEvents(this.#events.slice(at + 1 - this.#first))
        : await this.#store.readPiece(this.#runId, at);
      if (page.lastSeq !== undefined) yield page;
      if (signal?.aborted) return;
      at = page.lastSeq ?? at;
      if (!isAtHand) await breathe();
      if (page.lastSeq !== undefined && at < this.#lastSeq) continue;
      if (this.#hasEnded) return;
      await this.#grown.after(rung, signal);
    }
  }

  /** The same, event by event. */
  events(after: number, signal?: AbortSignal): AsyncIterable<RunEvent> {
    return eachOf(this.pieces(after, signal), signal);
  }

  /** The number of the first that is at hand, or will be. */
  get #first(): number {
    return this.#events[0]?.seq ?? this.#lastSeq + 1;
  }

  #trim(): void {
    let gone = 0;
    while (this.#events.length - gone > MAX_EVENTS || (this.#size > MAX_SIZE && gone < this.#events.length)) {
      this.#size -= this.#sizes[gone] ?? 0;
      gone++;
    }
    if (gone === 0) return;
    this.#events.splice(0, gone);
    this.#sizes.splice(0, gone);
  }
}

/**
 * A journal that nobody writes, after this number, as much at a time as a page of the store has. SQLite answers at once, so that whoever reads a long one
 * would keep all others from their turn: they get it between two pages.
 */
export async function* readPieces(
  store: Pick<Journal, 'readPiece'>,
  runId: string,
  after: number,
  signal?: AbortSignal,
): AsyncIterable<JournalPiece> {
  for (let at: number | undefined = after; !signal?.aborted; ) {
    const page: JournalPiece = await store.readPiece(runId, at);
    at = page.lastSeq;
    if (at === undefined) return;
    yield page;
    await breathe();
  }
}

/** The same, event by event. */
export function readEvents(
  store: Pick<Journal, 'readPiece'>,
  runId: string,
  after: number,
  signal?: AbortSignal,
): AsyncIterable<RunEvent> {
  return eachOf(readPieces(store, runId, after, signal), signal);
}

export async function* eachOf(pieces: AsyncIterable<JournalPiece>, signal?: AbortSignal): AsyncIterable<RunEvent> {
  for await (const piece of pieces) {
    for (const event of piece.events) {
      if (signal?.aborted) return;
      yield event;
    }
  }
}
