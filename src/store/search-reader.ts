import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from './database.ts';
import { readOn } from './search-writer.ts';

/** How long a journal that goes on is left before it is read on, in milliseconds: what comes meanwhile is read with it. */
const REST_MS = 250;
/** How much longer than each step took the others have the store for themselves. */
const SHARE = 4;
/** How long it waits where nothing but failures is left, in milliseconds: there may be no space left for the store. */
const AFTER_FAILURE_MS = 5_000;

/**
 * Reads the journals for what can be found in them, behind those who write them. Whatever a process before has not come to is
 * read by the next one, since with the texts of each step it is written how far it has come.
 */
export class SearchReader {
  readonly #db: Database;
  /** The runs whose journals have more, in the order in which they are read: a step of each in turn. */
  readonly #behind = new Set<string>();
  #running: Promise<void> | undefined;
  #hurry = Promise.withResolvers<void>();
  #inHurry = 0;
  /** The run whose journal is read just now, and whether more of it came meanwhile. */
  #current: { readonly runId: string; hasMore: boolean } | undefined;
  #isClosed = false;
  /** The last step. */
  #hasFailed = false;
  #known: Promise<void> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Something was written that may be found. */
  note(runId: string): void {
    if (this.#isClosed) return;
    this.#behind.add(runId);
    if (this.#current?.runId === runId) this.#current.hasMore = true;
    this.#running ??= this.#run();
  }

  /** Looks for what was written before this process, the oldest runs first. */
  begin(): Promise<void> {
    this.#known ??= this.#lookBehind();
    return this.#known;
  }

  /** Whether all that was written can be found. */
  get isUpToDate(): boolean {
    return this.#behind.size === 0;
  }

  /** Reads on without a pause until all that was written can be found, or for so long, in milliseconds. */
  async catchUp(ms: number): Promise<void> {
    await this.begin();
    const until = performance.now() + ms;
    this.#inHurry++;
    try {
      while (!this.isUpToDate && !this.#isClosed && performance.now() < until) {
        this.#hurry.resolve();
        const stop = new AbortController();
        const over = pause(Math.max(0, until - performance.now()), undefined, { signal: stop.signal }).catch(() => {});
        await Promise.race([this.#running, over]);
        stop.abort();
      }
    } finally {
      this.#inHurry--;
    }
  }

  /** Stops after the step that is under way: the rest is read by the next process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#hurry.resolve();
    await this.#known;
    await this.#running;
  }

  async #lookBehind(): Promise<void> {
    try {
      const rows = await this.#db.read
        .selectFrom('runs')
        .leftJoin('search_marks', 'search_marks.run_id', 'runs.id')
        .select('runs.id')
        .where((eb) => eb('runs.last_seq', '>', eb.fn.coalesce('search_marks.seq', eb.lit(0))))
        .orderBy('runs.created_at')
        .orderBy('runs.id')
        .execute();
      for (const { id } of rows) this.note(id);
    } catch {
      this.#known = undefined; // the next search looks again
    }
  }

  async #run(): Promise<void> {
    try {
      await this.#rest(REST_MS);
      while (!this.isUpToDate && !this.#isClosed) await this.#rest(await this.#step());
    } finally {
      this.#running = undefined;
    }
  }

  /** Resolves with how long to leave the store to others, in milliseconds. */
  async #step(): Promise<number> {
    const [runId = ''] = this.#behind;
    const current = { runId, hasMore: false };
    this.#current = current;
    const start = performance.now();
    try {
      const isAtEnd = await readOn(this.#db, runId);
      this.#behind.delete(runId);
      if (!isAtEnd || current.hasMore) this.#behind.add(runId); // after the others
      this.#hasFailed = false;
      return (performance.now() - start) * SHARE;
    } catch {
      this.#behind.delete(runId);
      this.#behind.add(runId);
      const isInVain = this.#hasFailed || this.#behind.size === 1;
      this.#hasFailed = true;
      // Where one fails, the next may not.
      return isInVain ? AFTER_FAILURE_MS : (performance.now() - start) * SHARE;
    } finally {
      this.#current = undefined;
    }
  }

  async #rest(ms: number): Promise<void> {
    if (this.#isClosed) return;
    this.#hurry = Promise.withResolvers();
    const timer = setTimeout(this.#hurry.resolve, this.#inHurry > 0 && ms < AFTER_FAILURE_MS ? 0 : ms);
    timer.unref();
    await this.#hurry.promise;
    clearTimeout(timer);
  }
}
