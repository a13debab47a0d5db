import type { RunEventBody, RunEventOf } from '../contract/event.ts';
import type { JournalEntry } from '../store/store.ts';
import { sizeOf } from './event-size.ts';

type What = Pick<JournalEntry, 'change' | 'from' | 'isDurable'>;

/** What is written together, and what else changes with it. */
export interface Batch {
  readonly events: RunEventBody[];
  readonly hasDeltas: boolean;
  readonly what: What;
  readonly written: PromiseWithResolvers<void>;
}

interface OpenBatch {
  readonly events: RunEventBody[];
  /** The deltas since the last event of another kind, by what they belong to: one of each is enough. */
  readonly deltas: Map<string, RunEventOf<'item.delta'>>;
  hasDeltas: boolean;
  what: What | undefined;
  readonly written: PromiseWithResolvers<void>;
}

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
    return first !== undefined && !first.what && first.deltas.size === first.events.length;
  }

  add(event: RunEventBody): void {
    const batch = this.#open();
    this.#size += sizeOf(event);
    if (event.type !== 'item.delta') {
      batch.deltas.clear();
      batch.events.push(event);
      return;
    }
    batch.hasDeltas = true;
    const key = `${event.turnId}\0${event.itemId}\0${event.part}`;
    const before = batch.deltas.get(key);
    if (before) {
      before.delta += event.delta;
      return;
    }
    const own = { ...event } as RunEventOf<'item.delta'>; // it will grow, and the one we were given is not ours
    batch.deltas.set(key, own);
    batch.events.push(own);
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
    for (const event of batch.events) this.#size -= sizeOf(event);
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

  #open(): OpenBatch {
    const last = this.#batches.at(-1);
    if (last && !last.what) return last;
    const batch: OpenBatch = {
      events: [],
      deltas: new Map(),
      hasDeltas: false,
      what: undefined,
      written: Promise.withResolvers(),
    };
    this.#batches.push(batch);
    return batch;
  }
}
