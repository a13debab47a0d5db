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
  readonly hasDeltas: boolean;
  readonly what: What;
  readonly written: PromiseWithResolvers<void>;
}

interface OpenBatch {
  readonly told: Told[];
  /** The deltas since the last event of another kind, by what they belong to: one of each is enough. */
  readonly deltas: Map<string, RunEventOf<'item.delta'>>;
  hasDeltas: boolean;
  size: number;
  what: What | undefined;
  readonly written: PromiseWithResolvers<void>;
}

/** What an event takes besides its texts, roughly, in characters. */
const OVERHEAD = 200;

/** What waits to be written into a journal, in its order. Deltas that follow each other become one. */
export class Outbox {
  readonly #batches: OpenBatch[] = [];
  #size = 0;

  /** Roughly how much waits, in characters. */
  get size(): number {
    return this.#size;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** Nothing that waits is urgent: nobody has asked for it, and more of the same may come. */
  get hasOnlyDeltas(): boolean {
    const [first] = this.#batches;
    return first !== undefined && !first.what && first.deltas.size === first.told.length;
  }

  /** Takes an event, without a number or a time that it may have. Throws `invalid-input` for one that is no JSON. */
  add(given: RunEventBody & { readonly seq?: unknown; readonly at?: unknown }): void {
    const { seq: _seq, at: _at, ...rest } = given;
    const event = rest as RunEventBody;
    const text = event.type === 'item.delta' ? undefined : toJson(event);
    const batch = this.#open();
    if (event.type !== 'item.delta') {
      batch.deltas.clear();
      batch.told.push({ event, text });
      this.#grow(batch, OVERHEAD + (text?.length ?? 0));
      return;
    }
    batch.hasDeltas = true;
    const key = `${event.turnId}\0${event.itemId}\0${event.part}`;
    const before = batch.deltas.get(key);
    if (before) before.delta += event.delta;
    else {
      batch.deltas.set(key, event as RunEventOf<'item.delta'>);
      batch.told.push({ event, text });
    }
    this.#grow(batch, event.delta.length + (before ? 0 : OVERHEAD));
  }

  /** Says that what was added up to now is written together, with this; resolves when it is. */
  seal(what: What): Promise<void> {
    const batch = this.#open();
    batch.what = what;
    return batch.written.promise;
  }

  /** The oldest that waits. */
  take(): Batch | undefined {
    const batch = this.#batches.shift();
    if (!batch) return undefined;
    this.#size -= batch.size;
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
      hasDeltas: false,
      size: 0,
      what: undefined,
      written: Promise.withResolvers(),
    };
    this.#batches.push(batch);
    return batch;
  }
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
