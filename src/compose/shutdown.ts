import type { CloseOptions, OptioApi } from '../contract/api.ts';
import type { StopReport, StopServer } from '../contract/server-info.ts';
import type { Log } from '../server/log.ts';
import { removeRecord } from './server-record.ts';
import { whatIsLeft } from './what-is-left.ts';

export interface ShutdownOptions {
  readonly api: OptioApi;
  readonly dataDir: string;
  readonly log: Pick<Log, 'info' | 'close'>;
  /** Called when it begins to end. */
  readonly onBegin: () => void;
  /** Answers nobody any more. */
  readonly closeServers: () => Promise<unknown>;
}

/** How it ends: no later than then (as `performance.now` has it), and whether what is under way is cancelled. */
interface Terms {
  readonly until: number;
  readonly cancel: boolean;
}

/** The end of a server, which comes once, whoever asks for it. */
export class Shutdown {
  readonly #options: ShutdownOptions;
  readonly #stopped = Promise.withResolvers<StopReport>();
  #terms: Terms | undefined;
  #report: Promise<StopReport> | undefined;

  constructor(options: ShutdownOptions) {
    this.#options = options;
    this.stopped.catch(() => {}); // nobody may be waiting
  }

  /** What it has left; resolves when it is over. */
  get stopped(): Promise<StopReport> {
    return this.#stopped.promise;
  }

  /**
   * Ends it, and tells at once what that leaves, and how. The first call says how; a later one leaves what is under way less
   * time, or cancels it. Throws what keeps it from telling; it goes on then.
   */
  stop(how: StopServer = {}): Promise<StopReport> {
    const before = this.#report;
    const report = before
      ? before.then(
          (told) => this.#tighten(told, how),
          () => this.#begin(how),
        )
      : this.#begin(how);
    this.#report = report;
    return report;
  }

  async #begin(how: StopServer): Promise<StopReport> {
    const report = await whatIsLeft(this.#options.api, how);
    this.#hold(report);
    setImmediate(() => void this.#end(report)); // after the answer to whoever has asked for it
    return report;
  }

  async #tighten(told: StopReport, { drainMs = 0, cancel = false }: StopServer): Promise<StopReport> {
    const { api } = this.#options;
    const terms = this.#terms;
    const leftMs = () => Math.max(0, Math.round((terms?.until ?? 0) - performance.now()));
    if (!terms || leftMs() === 0) return told; // it ends as it was told to
    const how = { drainMs: Math.min(drainMs, leftMs()), cancel: terms.cancel || cancel };
    const report = await whatIsLeft(api, how).catch(() => ({ ...told, ...how }));
    if (leftMs() === 0) return told;
    this.#hold(report);
    setImmediate(() => void api.close(closingOf(report)).catch(() => {})); // the first call tells it
    return report;
  }

  #hold({ drainMs, cancel }: StopReport): void {
    this.#terms = { until: performance.now() + drainMs, cancel };
  }

  async #end(report: StopReport): Promise<void> {
    const { api, dataDir, log, onBegin, closeServers } = this.#options;
    try {
      onBegin();
      log.info('stopping', { left: report.left.length, waiting: report.waiting.length });
      const closed = api.close(closingOf(report));
      closed.catch(() => {}); // it is waited for below
      // Whoever waits for the end of what is under way may have to answer what it asks.
      if (report.cancel || report.drainMs > 0) await closed.catch(() => {});
      await closeServers();
      removeRecord(dataDir);
      await closed;
      this.#stopped.resolve((await this.#report?.catch(() => undefined)) ?? report);
    } catch (thrown) {
      this.#stopped.reject(thrown);
    } finally {
      log.close();
    }
  }
}

function closingOf({ drainMs, cancel }: StopReport): CloseOptions {
  return { leave: !cancel, drainMs };
}
