import type { RunEventBody, RunEventOf } from '../contract/event.ts';
import { OptioError } from '../errors.ts';
import type { JournalEntry } from '../store/store.ts';

type What = Pick<JournalEntry, 'change' | 'from' | 'isDurable'>;

/** An event that is to be numbered and written. */
interface Told {
  readonly event: RunEventBody;
  /** As JSON; of a delta, which may grow, only once it is written. */
  readonly text: string | undefined;
}

/** What is written together, and what else changes with it. */
export interface Batch {
  readonly told: readonly Told[];
  readonly what: What;
  readonly written: PromiseWithResolvers<void>;
}

interface OpenBatch {
  readonly told: Told[];
  /** The deltas since the last event of another kind, by what they belong to: one of each is enough. */
  readonly deltas: Map<string, RunEventOf<'item.delta'>>;
  /** Nobody waits longer for it than until then. */
  dueAt: number;
  size: number;
  what: What | undefined;
  readonly written: PromiseWithResolvers<void>;
}

/** What an event takes besides its texts, roughly, in characters. */
const OVERHEAD = 200;
/** How long deltas of an item are collected, in milliseconds. */
const DELTA_INTERVAL_MS = 50;

/** What waits to be written into a journal, in its order. Deltas that follow each other become one. */
export class Outbox {
  readonly #batches: OpenBatch[] = [];
  /** When deltas were taken last, by what they belong to; only what is younger than the interval. */
  readonly #deltasTakenAt = new Map<string, number>();
  #size = 0;

  /** Roughly how much waits, in characters. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** How long what waits may wait for more of the same, in milliseconds. */
  patience(now = performance.now()): number {
    const [first] = this.#batches;
    return first && !first.what ? Math.max(0, first.dueAt - now) : 0;
  }

  /**
   * Takes an event, without a number or a time that it may have, and gives its size, roughly in characters. Throws
   * `invalid-input` for one that is no JSON, or takes more than `room`.
   */
  add(
    given: RunEventBody & { readonly seq?: unknown; readonly at?: unknown },
    room = Number.POSITIVE_INFINITY,
  ): number {
    const { seq: _seq, at: _at, ...rest } = given;
    const event = rest as RunEventBody;
    const text = event.type === 'item.delta' ? undefined : toJson(event);
    const size = OVERHEAD + (event.type === 'item.delta' ? event.delta.length : (text?.length ?? 0));
    if (size > room) throw tooLarge();
    const batch = this.#open();
    if (event.type !== 'item.delta') {
      batch.deltas.clear();
      batch.dueAt = Number.NEGATIVE_INFINITY;
      batch.told.push({ event, text });
      this.#grow(batch, size);
      return size;
    }
    const key = keyOf(event);
    const before = batch.deltas.get(key);
    if (before) before.delta += event.delta;
    else {
      batch.deltas.set(key, event as RunEventOf<'item.delta'>);
      batch.told.push({ event, text });
      // What an item says first, or after a pause, is what people wait for.
      batch.dueAt = Math.min(
        batch.dueAt,
        (this.#deltasTakenAt.get(key) ?? Number.NEGATIVE_INFINITY) + DELTA_INTERVAL_MS,
      );
    }
    const grown = before ? size - OVERHEAD : size;
    this.#grow(batch, grown);
    return grown;
  }

  /** Says that what was added up to now is written together, with this; resolves when it is. */
  seal(what: What): Promise<void> {
    const batch = this.#open();
    batch.what = what;
    return batch.written.promise;
  }

  /** The oldest that waits. */
  take(now = performance.now()): Batch | undefined {
    const batch = this.#batches.shift();
    if (!batch) return undefined;
    this.#size -= batch.size;
    this.#remember(batch, now);
    if (!batch.what) batch.written.promise.catch(() => {}); // nobody has asked for it
    return { ...batch, what: batch.what ?? {} };
  }

  /** Nothing of it will be written. */
  fail(error: Error): void {
    for (const batch of this.#batches.splice(0)) {
      batch.written.promise.catch(() => {});
      batch.written.reject(error);
    }
    this.#size = 0;
  }

  #remember({ told }: OpenBatch, now: number): void {
    for (const [key, at] of this.#deltasTakenAt) if (at + DELTA_INTERVAL_MS <= now) this.#deltasTakenAt.delete(key);
    for (const { event } of told) if (event.type === 'item.delta') this.#deltasTakenAt.set(keyOf(event), now);
  }

  #grow(batch: OpenBatch, size: number): void {
    batch.size += size;
    this.#size += size;
  }

  #open(): OpenBatch {
    const last = this.#batches.at(-1);
    if (last && !last.what) return last;
    const batch: OpenBatch = {
      told: [],
      deltas: new Map(),
      dueAt: Number.POSITIVE_INFINITY,
      size: 0,
      what: undefined,
      written: Promise.withResolvers(),
    };
    this.#batches.push(batch);
    return batch;
  }
}

function keyOf({ turnId, itemId, part }: Extract<RunEventBody, { type: 'item.delta' }>): string {
  return `${turnId}\0${itemId}\0${part}`;
}

/** What is told of more than anybody can write down at once. */
export function tooLarge(): OptioError {
  return new OptioError('invalid-input', 'too much is told at once to be written down', {
    remedy: 'Tell less of it, keep large things in files, and wait for `written()` now and then.',
  });
}

/** One task's mistake is its own: what could not be written would hold up what others write with it. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new OptioError('invalid-input', `it cannot be written as JSON: ${(cause as Error).message}`, {
      cause,
      remedy: 'Give plain data: no big numbers (bigint), and nothing that holds itself.',
    });
  }
}
