import { isDeepStrictEqual } from 'node:util';
import type { RunFilter } from '../../src/contract/run-query.ts';
import type { OpenRequest, RunSummary } from '../../src/contract/run-summary.ts';
import { applyRunUpdate, EMPTY_RUN_LIST, type RunList, type RunUpdate } from '../../src/contract/run-update.ts';
import type { Engine } from '../../src/engine/engine.ts';

/** A reader of the list of runs, which holds what the updates say. */
export class Watched {
  readonly updates: RunUpdate[] = [];
  isHalted = false;
  list: RunList = EMPTY_RUN_LIST;
  /** Settles when there is nothing more to read. */
  readonly ended: Promise<void>;
  readonly #engine: Engine;
  readonly #filter: RunFilter;
  readonly #reader: AsyncIterator<RunUpdate>;
  #gate: Promise<void> = Promise.resolve();
  #open = () => {};

  constructor(engine: Engine, filter: RunFilter = {}) {
    this.#engine = engine;
    this.#filter = filter;
    this.#reader = engine.lists.watch(filter)[Symbol.asyncIterator]();
    this.ended = this.#read();
  }

  /** Reads nothing until it goes on. */
  halt(): void {
    this.#open(); // it waits for one gate only
    this.isHalted = true;
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  goOn(): void {
    this.isHalted = false;
    this.#open();
  }

  async stop(): Promise<void> {
    this.goOn();
    await this.#reader.return?.();
    await this.ended;
  }

  /** Whether it holds what a fresh list says. */
  async isTrue(): Promise<boolean> {
    const runs: RunSummary[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await this.#engine.lists.page({ ...this.#filter, ...(cursor && { cursor }) });
      runs.push(...page.runs);
      cursor = page.next;
    }
    const ids = new Set(runs.map(({ id }) => id));
    const requests = (await this.#engine.lists.requests()).filter(({ runId }) => ids.has(runId));
    return isDeepStrictEqual(
      this.#sorted(this.list),
      this.#sorted({ runs: byId(runs), requests: byRequest(requests) }),
    );
  }

  #sorted({ runs, requests }: Pick<RunList, 'runs' | 'requests'>): unknown {
    const entries = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    return [entries(runs), entries(requests)];
  }

  async #read(): Promise<void> {
    for (;;) {
      await this.#gate;
      const { value, done } = await this.#reader.next();
      if (done) return;
      check(this.list, value);
      this.updates.push(value);
      this.list = applyRunUpdate(this.list, value);
    }
  }
}

/** What each update may say, by what was known before. */
function check({ runs, requests }: RunList, update: RunUpdate): void {
  const isRight = {
    snapshot: () => true,
    added: () => update.type === 'added' && !runs.has(update.run.id),
    changed: () => update.type === 'changed' && runs.has(update.id) && Object.keys(update.change).length > 0,
    removed: () => update.type === 'removed' && runs.has(update.id),
    requestOpened: () => update.type === 'requestOpened' && !requests.has(nameOf(update.opened)),
    events: () => false, // no run is followed
    requestClosed: () => update.type === 'requestClosed' && requests.has(`${update.runId}/${update.requestId}`),
  }[update.type]();
  if (!isRight) throw new Error(`this is no update of what is known: ${JSON.stringify(update)}`);
}

function byId(runs: readonly RunSummary[]): Map<string, RunSummary> {
  return new Map(runs.map((run) => [run.id, run]));
}

function byRequest(requests: readonly OpenRequest[]): Map<string, OpenRequest> {
  return new Map(requests.map((opened) => [nameOf(opened), opened]));
}

function nameOf({ runId, request }: OpenRequest): string {
  return `${runId}/${request.id}`;
}
