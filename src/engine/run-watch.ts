import type { RunFilter } from '../contract/run-query.ts';
import type { OpenRequest, RunDigest, RunSummary } from '../contract/run-summary.ts';
import type { RunUpdate } from '../contract/run-update.ts';
import { Dirty } from './dirty.ts';
import type { RunFeed } from './run-feed.ts';

/** What is told of runs, as it is just now. */
export interface WatchedRuns {
  /** The list anew: all that have not ended, and the newest of the others. */
  snapshot(filter: RunFilter): Promise<Snapshot>;
  /** Of these runs, those that match. */
  among(ids: readonly string[], filter: RunFilter): Promise<Listed>;
  /** What a run that is worked on here has come to; undefined for any other, and while that is not known. */
  digestOf(runId: string): RunDigest | undefined;
}

/** Runs, and their requests that wait for an answer, oldest first. */
export interface Listed {
  readonly runs: readonly RunSummary[];
  readonly requests: readonly OpenRequest[];
}

export interface Snapshot extends Listed {
  readonly isPartial: boolean;
}

/** The least time between two looks at what has changed, in milliseconds: of each run there is one change in that. */
const INTERVAL_MS = 100;
/** How many runs are looked up at once. */
const MAX_AT_ONCE = 100;
/** When so many runs are told of, or twice as many as there were, it begins anew with a list that has only the newest. */
const MAX_TOLD = 4_000;

/**
 * One reader of the list of runs. Between two of his steps it only remembers which runs have changed; what is different
 * in them is found out when he comes for it, so that it is never out of date.
 */
export class RunWatch {
  readonly #runs: WatchedRuns;
  readonly #feed: RunFeed;
  readonly #filter: RunFilter;
  readonly #dirty = new Dirty();
  /** What he was told last. */
  #told = new Map<string, RunSummary>();
  /** When the requests that he knows were opened, by run and request. */
  #requests = new Map<string, Map<string, string>>();

  constructor(runs: WatchedRuns, feed: RunFeed, filter: RunFilter) {
    this.#runs = runs;
    this.#feed = feed;
    this.#filter = filter;
  }

  /** Ends it, also while it waits. */
  stop(): void {
    this.#dirty.stop();
  }

  async *updates(): AsyncGenerator<RunUpdate, undefined> {
    const leave = this.#feed.read(this.#dirty);
    try {
      while (!this.#dirty.isStopped) {
        yield await this.#snapshot();
        const most = Math.max(MAX_TOLD, 2 * this.#told.size);
        while (this.#told.size <= most && !this.#dirty.isStopped) {
          const lookedAt = performance.now();
          for (let ids = this.#dirty.take(MAX_AT_ONCE); ids; ids = this.#dirty.take(MAX_AT_ONCE))
            yield* this.#look(ids);
          await this.#dirty.pause(lookedAt + INTERVAL_MS);
          await this.#dirty.some();
        }
      }
    } finally {
      leave();
    }
    return undefined;
  }

  async #snapshot(): Promise<RunUpdate> {
    this.#dirty.clear();
    const { runs, requests, isPartial } = await this.#runs.snapshot(this.#filter);
    this.#told = new Map(runs.map((run) => [run.id, run]));
    this.#requests = new Map();
    const known = requests.filter(({ runId }) => this.#told.has(runId));
    for (const opened of known) this.#note(opened);
    return { type: 'snapshot', runs: [...runs], requests: known, isPartial };
  }

  /** What is different in these runs. One that changes again before he comes to it is looked at again. */
  async *#look({ whole, digests }: { readonly whole: readonly string[]; readonly digests: readonly string[] }) {
    for (const id of digests) yield* this.#lookAtDigest(id);
    if (whole.length === 0) return;
    const all = await this.#runs.among(whole, this.#filter);
    for (const id of whole) {
      const isOld = this.#dirty.drop(id);
      const { runs, requests } = isOld ? await this.#runs.among([id], this.#filter) : all;
      const run = runs.find((each) => each.id === id);
      yield* this.#tell(id, run, run ? requests.filter(({ runId }) => runId === id) : []);
    }
  }

  *#lookAtDigest(id: string): Iterable<RunUpdate> {
    const told = this.#told.get(id);
    const digest = this.#runs.digestOf(id);
    // Of one that is worked on no more, whatever else has changed is told by then, and the digest with it.
    if (told && digest) yield* this.#tellRun({ ...told, digest });
  }

  *#tell(id: string, run: RunSummary | undefined, requests: readonly OpenRequest[]): Iterable<RunUpdate> {
    const known = this.#requests.get(id) ?? new Map<string, string>();
    if (run) yield* this.#tellRun(run);
    for (const [requestId, openedAt] of known) {
      if (requests.some((opened) => opened.request.id === requestId && opened.openedAt === openedAt)) continue;
      known.delete(requestId);
      yield { type: 'requestClosed', runId: id, requestId };
    }
    for (const opened of requests) {
      if (this.#requests.get(id)?.has(opened.request.id)) continue;
      this.#note(opened);
      yield { type: 'requestOpened', opened };
    }
    if (run) return;
    this.#requests.delete(id);
    if (this.#told.delete(id)) yield { type: 'removed', id };
  }

  *#tellRun(run: RunSummary): Iterable<RunUpdate> {
    const before = this.#told.get(run.id);
    this.#told.set(run.id, run);
    if (!before) {
      yield { type: 'added', run };
      return;
    }
    const change = differences(before, run);
    if (Object.keys(change).length > 0) yield { type: 'changed', id: run.id, change };
  }

  #note({ runId, openedAt, request }: OpenRequest): void {
    const known = this.#requests.get(runId) ?? new Map<string, string>();
    this.#requests.set(runId, known.set(request.id, openedAt));
  }
}

/** The fields that are not as they were. */
function differences(before: RunSummary, now: RunSummary): Partial<RunSummary> {
  const fields = Object.keys(now) as (keyof RunSummary)[];
  const isSame = (field: keyof RunSummary) =>
    before[field] === now[field] || JSON.stringify(before[field]) === JSON.stringify(now[field]);
  return Object.fromEntries(fields.flatMap((field) => (isSame(field) ? [] : [[field, now[field]]])));
}
