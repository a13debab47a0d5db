import type { OptioApi } from '../../../src/client/index.ts';
import type { RunEvent } from '../../../src/contract/event.ts';
import { applyRunUpdate, EMPTY_RUN_LIST, type RunList, type RunUpdate } from '../../../src/contract/run-update.ts';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';
import { limitsAfter, type RateLimits } from '../run/header/rate-limits.ts';
import { Journal } from './journal.ts';
import { Log } from './log.ts';
import { reachOf } from './reach.ts';
import { Slices } from './slices.ts';
import { Store } from './store.ts';
import { waitFor } from './wait.ts';

/** How things stand with the one connection of this page: before its first answer, as told, lost for now, or not let in. */
export type FeedStatus = 'connecting' | 'live' | 'lost' | 'locked';

/** After an error it is tried again so soon, and then after twice as long each time, in milliseconds. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
/** Who does not draw the end of a run for so long shows something else, in milliseconds. */
const NOBODY_LOOKS_MS = 2_000;

export interface FeedOptions {
  /** The newest events of a run, to be seen before all of them are there; undefined where nobody tells them. */
  readonly readEnd?: (runId: string) => Promise<readonly RunEvent[] | undefined>;
  /** Resolves after so many milliseconds, or once the signal says so. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** All that a page shows of what goes on, over one connection: the list of runs, and the journal of the run that is open. */
export class Feed {
  readonly list = new Store<RunList>(EMPTY_RUN_LIST);
  readonly status = new Store<FeedStatus>('connecting');
  /** Why nothing comes, where the server says so; null while it does, and while nobody answers. */
  readonly problem = new Store<OptioError | null>(null);
  /** The list has runs that have ended since this time, and none that ended before; null when it has all. */
  readonly reach = new Store<string | null>(null);
  /** The run that is open, where there is none (any more). */
  readonly missing = new Store<string | null>(null);
  /** What the login of the run that is open may use, as it was told last. */
  readonly limits = new Store<RateLimits | null>(null);
  /** What the run that is open has told people beside what Codex did. */
  readonly log = new Log();
  readonly #api: Pick<OptioApi, 'watch' | 'find'>;
  readonly #readEnd: NonNullable<FeedOptions['readEnd']>;
  readonly #wait: NonNullable<FeedOptions['wait']>;
  readonly #slices = new Slices();
  #journal: Journal | undefined;
  #reading = new AbortController();

  constructor(
    api: Pick<OptioApi, 'watch' | 'find'>,
    { readEnd = async () => undefined, wait = waitFor }: FeedOptions = {},
  ) {
    this.#api = api;
    this.#readEnd = readEnd;
    this.#wait = wait;
  }

  /** Begins to read, or begins anew once one is let in; with the journal of this run, or of the one that is open. */
  start(runId = this.#journal?.runId): void {
    if (runId !== this.#journal?.runId) this.#journal = runId === undefined ? undefined : new Journal(runId);
    if (this.#journal?.isCaughtUp.value === false) void this.#catchUp(this.#journal);
    this.#reading.abort();
    this.#reading = new AbortController();
    void this.#keepReading(this.#reading.signal);
  }

  stop(): void {
    this.#reading.abort();
  }

  /** Called when the connection is lost, and tried again. */
  readonly onRetry = (): void => {
    if (this.status.value === 'live') this.status.set('lost');
  };

  /** The journal of the run that is open. */
  get journal(): Journal | undefined {
    return this.#journal;
  }

  /** The journal of this run, which is kept up to date until another one is opened. */
  open(runId: string): Journal {
    if (this.#journal?.runId === runId && this.missing.value === null) return this.#journal;
    this.#journal = undefined;
    this.limits.set(null);
    this.log.clear();
    this.missing.set(null);
    this.start(runId);
    return this.#journal as unknown as Journal;
  }

  async #catchUp(journal: Journal): Promise<void> {
    setTimeout(journal.endIsSeen.resolve, NOBODY_LOOKS_MS);
    const end = await this.#readEnd(journal.runId);
    if (end) return journal.takeEnd(end);
    journal.endIsSeen.resolve();
    try {
      journal.catchUpTo((await (await this.#api.find(journal.runId)).details()).lastSeq);
    } catch (thrown) {
      // Where nobody says it is shown as it comes; whoever is let in later asks again.
      if (fromUnknown(thrown).code !== 'unauthorized') journal.catchUpTo(0);
    }
  }

  /** Reads until it is stopped. Where the server refuses, it is tried again later: what is wrong may be put right meanwhile. */
  async #keepReading(signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        for await (const update of this.#updates(signal)) {
          if (signal.aborted) return;
          pauseMs = FIRST_PAUSE_MS;
          if (update.type === 'events') await this.#letDraw();
          if (signal.aborted) return;
          this.#take(update);
        }
        if (signal.aborted) return;
        this.status.set('lost'); // a server that is closed ends what it tells
      } catch (thrown) {
        if (signal.aborted) return;
        const problem = fromUnknown(thrown);
        if (problem.code === 'unauthorized') {
          this.status.set('locked');
          return;
        }
        if (this.#isMissing(problem)) continue; // the list goes on without it
        this.problem.set(problem);
        this.status.set('lost');
      }
      await this.#wait(pauseMs, signal);
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    }
  }

  #updates(signal: AbortSignal): AsyncIterable<RunUpdate> {
    const journal = this.missing.value === null ? this.#journal : undefined;
    const follow = journal && { run: journal.runId, after: journal.view.seq };
    return this.#api.watch({}, { signal, ...(follow && { follow }) });
  }

  /** Whether it is only the run that is open which is not there. */
  #isMissing({ code }: OptioError): boolean {
    if (code !== 'not-found' || !this.#journal || this.missing.value !== null) return false;
    this.missing.set(this.#journal.runId);
    return true;
  }

  /** What is read to catch up must not hold up what one sees by then, nor what one does. */
  async #letDraw(): Promise<void> {
    if (this.#journal?.isCaughtUp.value !== false) return;
    await this.#journal.endIsSeen.promise;
    await this.#slices.next();
  }

  #take(update: RunUpdate): void {
    this.status.set('live');
    this.problem.set(null);
    if (update.type === 'events') {
      for (const event of update.events) this.#takeEvent(event);
      return;
    }
    if (update.type === 'snapshot') this.reach.set(reachOf(update));
    this.list.set(applyRunUpdate(this.list.value, update));
  }

  #takeEvent(event: RunEvent): void {
    this.#journal?.apply(event);
    this.limits.set(limitsAfter(this.limits.value, event));
    this.log.add(event);
  }
}
