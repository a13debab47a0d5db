import type { OptioApi } from '../../../src/contract/api.ts';
import { MAX_PAGE, type RunFilter } from '../../../src/contract/run-query.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';
import { Store } from '../live/store.ts';

export interface Older {
  /** Those that have come, the last that ended first. */
  readonly runs: readonly RunSummary[];
  /** There may be more of them. */
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly problem: OptioError | null;
}

/** Nothing is asked for, and there is nothing to ask for. */
export const NO_OLDER: Older = { runs: [], hasMore: false, isLoading: false, problem: null };

/** How many come at first, and with each further step. */
const STEP = 100;

/** Runs that the live list does not have, fetched page by page as they are wanted. Nobody tells when they change. */
export class OlderRuns {
  readonly state = new Store<Older>({ ...NO_OLDER, hasMore: true });
  readonly #list: OptioApi['list'];
  readonly #filter: RunFilter;
  #next: string | null = null;
  #busy: Promise<void> | undefined;

  constructor(list: OptioApi['list'], filter: RunFilter) {
    this.#list = list;
    this.#filter = filter;
  }

  /** Fetches the next page, or waits for the one that is on its way. */
  more(limit = STEP): Promise<void> {
    if (!this.state.value.hasMore) return Promise.resolve();
    return this.#alone(() => this.#page(limit));
  }

  /** Fetches all that there are; false when something kept that from being done. */
  async all(): Promise<boolean> {
    do await this.more(MAX_PAGE);
    while (this.state.value.hasMore && this.state.value.problem === null);
    return this.state.value.problem === null;
  }

  /** Fetches anew what was fetched before: something of it has changed. */
  async reload(): Promise<void> {
    await this.#busy;
    const { length } = this.state.value.runs;
    if (length === 0 && this.state.value.hasMore) return;
    return this.#alone(() => this.#again(Math.max(length, STEP)));
  }

  async #again(count: number): Promise<void> {
    this.#next = null;
    const runs: RunSummary[] = [];
    do {
      const page = await this.#fetch(Math.min(MAX_PAGE, count - runs.length));
      runs.push(...page);
    } while (this.#next !== null && runs.length < count);
    this.#set({ runs, hasMore: this.#next !== null });
  }

  async #page(limit: number): Promise<void> {
    const runs = await this.#fetch(limit);
    this.#set({ runs: [...this.state.value.runs, ...runs], hasMore: this.#next !== null });
  }

  async #fetch(limit: number): Promise<readonly RunSummary[]> {
    const cursor = this.#next === null ? {} : { cursor: this.#next };
    const { runs, next } = await this.#list({ ...this.#filter, sort: '-endedAt', limit, ...cursor });
    this.#next = next;
    return runs;
  }

  #alone(act: () => Promise<void>): Promise<void> {
    this.#busy ??= (async () => {
      this.#set({ isLoading: true, problem: null });
      await act().catch((thrown) => this.#set({ problem: fromUnknown(thrown) }));
      this.#busy = undefined;
      this.#set({ isLoading: false });
    })();
    return this.#busy;
  }

  #set(part: Partial<Older>): void {
    this.state.set({ ...this.state.value, ...part });
  }
}
