import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent, RunEventBody } from '../contract/event.ts';
import type { JournalPiece } from '../contract/journal-piece.ts';
import type { RunState } from '../contract/outcome.ts';
import type { ReadOptions } from '../contract/run-handle.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Journal, JournalEntry, RunChange } from '../store/store.ts';
import { EventTail, readEvents } from './event-tail.ts';
import type { LiveDigest } from './live-digest.ts';
import { type Batch, Outbox, toJson, tooLarge } from './outbox.ts';

/** The pauses between attempts to write when the store takes nothing, in milliseconds. */
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;
/** How much may wait for a store that takes nothing, roughly in characters; beyond it the run is let go. */
const MAX_WAITING = 64 * 1024 * 1024;
/** How much may be told in one go, before anything can be written, roughly in characters. */
const MAX_AT_ONCE = 32 * 1024 * 1024;

export interface LiveJournalOptions {
  readonly store: Pick<Journal, 'append' | 'readPiece'>;
  readonly runId: string;
  /** Everything is written under this claim. */
  readonly claim: number;
  /** The number of the newest event that is there. */
  readonly lastSeq: number;
  /** The store takes nothing now, or for another reason: what comes is kept here and tried again. Undefined when it takes things. */
  readonly onBlocked?: (error: OptioError | undefined) => void;
  /** What a list tells of the run: it takes what is written, and is written with each change of the run and each end of a turn. */
  readonly digest?: Pick<LiveDigest, 'after' | 'take'>;
  /** Nothing will be written here any more: the run was taken over, or too much waits for the store. */
  readonly onLost?: (error: OptioError) => void;
}

/** What a change of the run is to be. */
export interface JournalChange {
  readonly change: RunChange;
  readonly from?: readonly RunState[];
  /** What the journal tells of it. */
  readonly events?: readonly RunEventBody[];
}

/**
 * The journal of a run that is under way. It numbers what happens, writes it down, and gives it to any number of
 * readers, who see only what is written: what was seen once is there after a death, too.
 */
export class LiveJournal {
  readonly #options: LiveJournalOptions;
  readonly #outbox = new Outbox();
  readonly #tail: EventTail;
  #seq: number;
  #isWriting = false;
  #timer: NodeJS.Timeout | undefined;
  /** Why the store takes nothing. */
  #blocked: OptioError | undefined;
  /** What was written last may not be on the disk yet. */
  #isUnsynced = false;
  #lost: OptioError | undefined;
  /** Aborted when nothing more will be written. */
  readonly #over = new AbortController();
  /** How much was told since something was written, or in this turn of the event loop. */
  #toldAtOnce = 0;

  constructor(options: LiveJournalOptions) {
    this.#options = options;
    this.#seq = options.lastSeq;
    this.#tail = new EventTail(options.store, options.runId, options.lastSeq);
  }

  /** Writes down what happened, soon. Throws `invalid-input` for an event that is no JSON, and for too much at once. */
  emit(event: RunEventBody): void {
    if (this.#lost) return;
    if (this.#toldAtOnce === 0) setImmediate(() => this.#breathe()).unref();
    this.#toldAtOnce += this.#outbox.add(event, MAX_AT_ONCE - this.#toldAtOnce);
    if (this.#outbox.size > MAX_WAITING) this.#lose(tooMuch(this.#options.runId));
    else this.#write();
  }

  /** Resolves when everything that was emitted so far is written; `isDurable`: and on disk. Throws `claim-lost`. */
  written({ isDurable = false }: { readonly isDurable?: boolean } = {}): Promise<void> {
    return this.#add({ isDurable });
  }

  /**
   * Changes the run, and writes down what was emitted so far and what there is to say of the change: all of it is on
   * disk when this resolves. Throws `state-changed` when the run is in none of the states of `from`, `claim-lost`, and
   * `invalid-input` for what is no JSON, or too large.
   */
  change({ change, from, events = [] }: JournalChange): Promise<void> {
    try {
      for (const each of [change, ...events]) if (toJson(each).length > MAX_AT_ONCE) throw tooLarge();
    } catch (error) {
      return Promise.reject(error);
    }
    this.#outbox.seal({}).catch(() => {}); // what was emitted before happened, whatever becomes of the change
    for (const event of events) this.#outbox.add(event);
    return this.#add({ change, isDurable: true, ...(from && { from }) });
  }

  /**
   * What comes after this number, past and to come, as much at a time as is there, until the run has ended. No reader slows
   * another, or the run.
   */
  pieces({ after = 0, signal }: ReadOptions = {}): AsyncIterable<JournalPiece> {
    return this.#tail.pieces(after, signal);
  }

  /** The same, event by event. */
  events({ after = 0, signal }: ReadOptions = {}): AsyncIterable<RunEvent> {
    return this.#tail.events(after, signal);
  }

  /** All events that are written by now. */
  past(): AsyncIterable<RunEvent> {
    return readEvents(this.#options.store, this.#options.runId, 0);
  }

  /** Why the store takes nothing, while that is so. */
  get blocked(): OptioError | undefined {
    return this.#blocked;
  }

  /** The number of the newest event that is written. */
  get lastSeq(): number {
    return this.#tail.lastSeq;
  }

  /** Nothing more will be written here. Readers end, though the run may go on elsewhere. */
  close(): void {
    this.#stop(new OptioError('claim-lost', `the run ${this.#options.runId} is not ours to write any more`));
    this.#tail.end();
  }

  #add(what: Pick<JournalEntry, 'change' | 'from' | 'isDurable'>): Promise<void> {
    if (this.#lost) return Promise.reject(this.#lost);
    const written = this.#outbox.seal(what);
    this.#write();
    return written;
  }

  #write(): void {
    if (this.#isWriting) return;
    const waitMs = this.#outbox.patience();
    if (waitMs > 0) {
      this.#timer ??= setTimeout(() => this.#writeLate(), waitMs);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWriting = true;
    void this.#writeAll();
  }

  /** A timer may come up to a millisecond early; what it was for waits for another one then. */
  #writeLate(): void {
    this.#timer = undefined;
    this.#write();
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve(); // what is emitted in one go belongs together
    for (let batch = this.#outbox.take(); batch; batch = this.#next()) {
      const at = new Date().toISOString();
      const events = batch.told.map(({ event }, index): RunEvent => ({ seq: this.#seq + index + 1, at, ...event }));
      const bodies = batch.told.map(({ event, text }) => text ?? toJson(event));
      const { runId, claim } = this.#options;
      try {
        const isNothing = events.length === 0 && !batch.what.change && !(batch.what.isDurable && this.#isUnsynced);
        if (!isNothing) await this.#append({ runId, claim, events, bodies, ...this.#withDigest(batch.what, events) });
        if (!isNothing) this.#isUnsynced = batch.what.isDurable !== true;
        this.#seq += events.length;
        this.#toldAtOnce = 0;
        this.#options.digest?.take(events);
        this.#tail.add(events);
        batch.written.resolve();
      } catch (error) {
        batch.written.reject(error);
        // A change that came too late is its caller's to know.
        if (!this.#lost && fromUnknown(error).code !== 'state-changed') this.#lose(fromUnknown(error));
      }
    }
    this.#isWriting = false; // at once, or what is emitted meanwhile would wait for the next event
    if (!this.#lost && !this.#outbox.isEmpty) this.#write();
  }

  #withDigest(what: Batch['what'], events: readonly RunEvent[]): Batch['what'] {
    const isDue = what.change !== undefined || events.some(({ type }) => type === 'turn.ended');
    const digest = isDue ? this.#options.digest?.after(events) : undefined;
    return digest ? { ...what, change: { ...what.change, digest } } : what;
  }

  /** What is to be written now: deltas wait until there are more of them. */
  #next(): Batch | undefined {
    return this.#outbox.patience() > 0 ? undefined : this.#outbox.take();
  }

  /** Writes it, however long the store takes nothing; nobody waits for that any more once this is closed. */
  async #append(entry: JournalEntry): Promise<void> {
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(MAX_RETRY_MS, pauseMs * 2)) {
      if (this.#lost) throw this.#lost;
      try {
        await this.#options.store.append(entry);
        this.#block(undefined);
        return;
      } catch (thrown) {
        const error = fromUnknown(thrown);
        if (error.code !== 'store-full' && error.code !== 'store-failed') throw error;
        this.#block(error);
        await delay(pauseMs, undefined, { signal: this.#over.signal }).catch(() => {});
      }
    }
  }

  #block(error: OptioError | undefined): void {
    if (this.#blocked?.code === error?.code) return;
    this.#blocked = error;
    this.#options.onBlocked?.(error);
  }

  #breathe(): void {
    this.#toldAtOnce = 0;
  }

  #lose(error: OptioError): void {
    if (this.#lost) return;
    this.#stop(error);
    this.#options.onLost?.(error);
  }

  #stop(error: OptioError): void {
    this.#lost ??= error;
    clearTimeout(this.#timer);
    this.#outbox.fail(this.#lost);
    this.#over.abort();
  }
}

function tooMuch(runId: string): OptioError {
  return new OptioError('store-full', `the run ${runId} is let go: what it tells cannot be written down`, {
    remedy: 'Make space where the data directory lies; the run is taken up again then.',
  });
}
