import type { z } from 'zod';
import type { WatchOptions } from '../contract/api.ts';
import { ENDED_STATES, RUN_STATES, type RunState } from '../contract/outcome.ts';
import { type RunFilter, type RunPage, type RunQuery, runFilterSchema, runQuerySchema } from '../contract/run-query.ts';
import type { OpenRequest, RunDigest, RunSummary } from '../contract/run-summary.ts';
import type { RunUpdate } from '../contract/run-update.ts';
import { type FoundPage, type SearchQuery, searchQuerySchema } from '../contract/search.ts';
import { OptioError } from '../errors.ts';
import type { RunEntry, Store } from '../store/store.ts';
import type { Dispatcher } from './dispatcher.ts';
import { findRun } from './find-run.ts';
import { withJournal } from './followed-journal.ts';
import type { RunFeed } from './run-feed.ts';
import type { RunReader } from './run-reader.ts';
import { summarize } from './run-summary.ts';
import { type Listed, RunWatch, type Snapshot, type WatchedRuns } from './run-watch.ts';

export interface RunListsOptions {
  readonly store: Pick<Store, 'runs' | 'requests' | 'search'>;
  readonly dispatcher: Dispatcher;
  readonly feed: RunFeed;
  readonly reader: Pick<RunReader, 'problemOf' | 'pieces'>;
}

/** How many runs a watched list begins with, unless more have not ended. */
const MAX_RUNS = 2_000;
/** In how many runs something is looked for, unless told otherwise. */
const FOUND_RUNS = 20;
const STATES = RUN_STATES;

/** Lists of runs: what the store has, with what this process knows of those that it works on. */
export class RunLists implements WatchedRuns {
  readonly #options: RunListsOptions;

  constructor(options: RunListsOptions) {
    this.#options = options;
  }

  /** See `OptioApi.list`. */
  async page(query: RunQuery): Promise<RunPage> {
    const { entries, next } = await this.#options.store.runs.page(withoutArchive(checked(runQuerySchema, query)));
    return { runs: entries.map((entry) => this.#summary(entry)), next };
  }

  /** See `OptioApi.search`. */
  async search(query: SearchQuery): Promise<FoundPage> {
    const { text, limit = FOUND_RUNS, cursor, ...filter } = checked(searchQuerySchema, query);
    const page = await this.#options.store.search.find({ text, limit, cursor, filter: withoutArchive(filter) });
    const found = page.found.map(({ entry, texts, more }) => ({ run: this.#summary(entry), texts, more }));
    return { ...page, found };
  }

  /** The id of the run that is meant; see `OptioApi.find`. */
  find(reference: string): Promise<string> {
    return findRun(this.#options.store.runs, reference);
  }

  /** See `OptioApi.requests`. */
  async requests(reference?: string): Promise<OpenRequest[]> {
    return this.#open(reference === undefined ? undefined : [await this.find(reference)]);
  }

  /** See `OptioApi.watch`. It costs something only from the first step of a reader on, until that returns. */
  watch(filter: RunFilter, { signal, follow }: WatchOptions = {}): AsyncIterable<RunUpdate> {
    const updates = () => this.#reader(filter, signal);
    return {
      [Symbol.asyncIterator]: () =>
        follow ? withJournal(updates(), (left) => this.#journal(follow, left)) : updates(),
    };
  }

  async *#journal(
    { run, after = 0 }: NonNullable<WatchOptions['follow']>,
    signal: AbortSignal,
  ): AsyncGenerator<RunUpdate, undefined> {
    const runId = await this.find(run);
    const pieces = this.#options.reader.pieces(runId, { after, signal });
    for await (const piece of pieces) yield piece.toUpdate(runId);
  }

  #reader(filter: RunFilter, signal: AbortSignal | undefined): AsyncIterator<RunUpdate, undefined> {
    const watch = new RunWatch(this, this.#options.feed, filter);
    const updates = watch.updates();
    const stop = () => watch.stop();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const leave = () => {
      signal?.removeEventListener('abort', stop);
      stop(); // or it would be over only after the next change
      return updates.return(undefined);
    };
    return { next: () => updates.next(), return: leave };
  }

  async snapshot(given: RunFilter): Promise<Snapshot> {
    const filter = withoutArchive(checked(runFilterSchema, given));
    const { runs } = this.#options.store;
    const wanted = (states: readonly RunState[]) => states.filter((state) => (filter.states ?? STATES).includes(state));
    const unended = await runs.entries({
      ...filter,
      states: wanted(STATES.filter((state) => !ENDED_STATES.includes(state))),
    });
    const limit = Math.max(0, MAX_RUNS - unended.length);
    const ended = await runs.page({ ...filter, states: wanted(ENDED_STATES), sort: '-endedAt', limit });
    const entries = [...unended, ...ended.entries];
    return {
      runs: entries.map((entry) => this.#summary(entry)),
      requests: await this.#open(),
      isPartial: ended.next !== null,
    };
  }

  async among(ids: readonly string[], filter: RunFilter): Promise<Listed> {
    const some = padded(ids);
    const entries = await this.#options.store.runs.entries({ ...withoutArchive(filter), ids: some });
    const isAsking = entries.some(({ openRequests }) => openRequests > 0);
    return { runs: entries.map((entry) => this.#summary(entry)), requests: isAsking ? await this.#open(some) : [] };
  }

  digestOf(runId: string): RunDigest | undefined {
    return this.#options.dispatcher.run(runId)?.live?.digest.current;
  }

  async #open(runIds?: readonly string[]): Promise<OpenRequest[]> {
    const open = await this.#options.store.requests.open(runIds);
    return open.map(({ runId, openedAt, request }) => ({ runId, openedAt, request }));
  }

  #summary(entry: RunEntry): RunSummary {
    const { openRequests, archivedAt } = entry;
    return summarize(entry, {
      ...{ openRequests, archivedAt },
      problem: this.#options.reader.problemOf(entry),
      digest: this.digestOf(entry.id),
    });
  }
}

/** What is in the archive is not listed, unless somebody asks for that, or for a certain tree of runs. */
function withoutArchive<T extends RunFilter>(filter: T): T {
  const { isArchived, parentId, rootId } = filter;
  if (isArchived !== undefined || parentId !== undefined || rootId !== undefined) return filter;
  return { ...filter, isArchived: false };
}

/** As many as one of a few numbers, so that there are only a few different queries to be prepared. */
function padded(ids: readonly string[]): string[] {
  const size = [1, 4, 20, ids.length].find((each) => each >= ids.length) ?? ids.length;
  return Array.from({ length: size }, (_, at) => ids[at] ?? ids[0] ?? '');
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const { data, error } = schema.safeParse(value);
  const issue = error?.issues[0];
  if (!issue) return data as z.output<T>;
  const field = issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined);
  throw new OptioError('invalid-input', `${field ?? 'the query'}: ${issue.message}`, {
    ...(field !== undefined && { field }),
    remedy: 'Correct it as the message says.',
  });
}
