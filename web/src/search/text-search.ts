import type { OptioApi } from '../../../src/contract/api.ts';
import type { FoundRun, SearchQuery } from '../../../src/contract/search.ts';
import { fromUnknown, type OptioError } from '../../../src/errors.ts';
import { Store } from '../live/store.ts';

export interface TextsFound {
  readonly found: readonly FoundRun[];
  /** There may be more. */
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  /** Journals are still being read: what they say may be missing. */
  readonly isBehind: boolean;
  readonly problem: OptioError | null;
}

export const NOTHING_FOUND: TextsFound = {
  found: [],
  hasMore: true,
  isLoading: false,
  isBehind: false,
  problem: null,
};

/** How often it looks further back by itself, as long as nothing is found. */
const MOST_STEPS = 8;

/** What was said in runs, fetched page by page as it is wanted. */
export class TextSearch {
  readonly state = new Store<TextsFound>(NOTHING_FOUND);
  readonly #search: OptioApi['search'];
  readonly #query: SearchQuery;
  #next: string | null = null;
  #busy: Promise<void> | undefined;
  #isOver = false;

  constructor(search: OptioApi['search'], query: SearchQuery) {
    this.#search = search;
    this.#query = query;
  }

  /** Looks on where it has ended, or waits for what is under way: until something more is found, or it has looked for long. */
  more(): Promise<void> {
    if (!this.state.value.hasMore) return Promise.resolve();
    this.#busy ??= this.#look().finally(() => {
      this.#busy = undefined;
    });
    return this.#busy;
  }

  /** Nobody waits for it any more. */
  stop(): void {
    this.#isOver = true;
  }

  async #look(): Promise<void> {
    this.#set({ isLoading: true, problem: null });
    const before = this.state.value.found.length;
    try {
      for (let step = 0; step < MOST_STEPS && this.state.value.found.length === before && !this.#isOver; step++) {
        const { found, next, isBehind } = await this.#search({
          ...this.#query,
          ...(this.#next !== null && { cursor: this.#next }),
        });
        this.#next = next;
        this.#set({ found: [...this.state.value.found, ...found], hasMore: next !== null, isBehind });
        if (next === null) break;
      }
    } catch (thrown) {
      this.#set({ problem: fromUnknown(thrown) });
    }
    this.#set({ isLoading: false });
  }

  #set(part: Partial<TextsFound>): void {
    this.state.set({ ...this.state.value, ...part });
  }
}
