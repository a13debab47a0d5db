import type { OptioApi } from '../../../src/client/index.ts';
import type { RunEvent } from '../../../src/contract/event.ts';
import { applyRunUpdate, EMPTY_RUN_LIST, type RunList } from '../../../src/contract/run-update.ts';
import { fromUnknown } from '../../../src/errors.ts';
import { limitsAfter, type RateLimits } from '../run/header/rate-limits.ts';
import { Journal } from './journal.ts';
import { Store } from './store.ts';

/** How things stand with the one connection of this page: before its first answer, as told, lost for now, or not let in. */
export type FeedStatus = 'connecting' | 'live' | 'lost' | 'locked';

/** All that a page shows of what goes on, over one connection: the list of runs, and the journal of the run that is open. */
export class Feed {
  readonly list = new Store<RunList>(EMPTY_RUN_LIST);
  readonly status = new Store<FeedStatus>('connecting');
  /** What the login of the run that is open may use, as it was told last. */
  readonly limits = new Store<RateLimits | null>(null);
  readonly #api: Pick<OptioApi, 'watch' | 'find'>;
  #journal: Journal | undefined;
  #reading = new AbortController();

  constructor(api: Pick<OptioApi, 'watch' | 'find'>) {
    this.#api = api;
  }

  /** Begins to read, or begins anew once one is let in; with the journal of this run, or of the one that is open. */
  start(runId = this.#journal?.runId): void {
    if (runId !== this.#journal?.runId) this.#journal = runId === undefined ? undefined : new Journal(runId);
    if (this.#journal?.isCaughtUp.value === false) void this.#catchUp(this.#journal);
    this.#reading.abort();
    this.#reading = new AbortController();
    void this.#read(this.#reading.signal);
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
    if (this.#journal?.runId === runId) return this.#journal;
    this.limits.set(null);
    this.start(runId);
    return this.#journal as Journal;
  }

  async #catchUp(journal: Journal): Promise<void> {
    const newest = async () => (await (await this.#api.find(journal.runId)).details()).lastSeq;
    try {
      journal.catchUpTo(await newest());
    } catch (thrown) {
      // Where nobody says it is shown as it comes; whoever is let in later asks again.
      if (fromUnknown(thrown).code !== 'unauthorized') journal.catchUpTo(0);
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const journal = this.#journal;
    const follow = journal && { run: journal.runId, after: journal.view.seq };
    try {
      for await (const update of this.#api.watch({}, { signal, ...(follow && { follow }) })) {
        this.status.set('live');
        if (update.type === 'event') this.#take(journal, update.event);
        else this.list.set(applyRunUpdate(this.list.value, update));
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const { code } = fromUnknown(thrown);
      this.status.set(code === 'unauthorized' ? 'locked' : 'lost');
    }
  }

  #take(journal: Journal | undefined, event: RunEvent): void {
    journal?.apply(event);
    this.limits.set(limitsAfter(this.limits.value, event));
  }
}
