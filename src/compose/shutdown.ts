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

/** The end of a server, which comes once, whoever asks for it. */
export class Shutdown {
  readonly #options: ShutdownOptions;
  readonly #stopped = Promise.withResolvers<StopReport>();
  #report: Promise<StopReport> | undefined;

  constructor(options: ShutdownOptions) {
    this.#options = options;
    this.stopped.catch(() => {}); // nobody may be waiting
  }

  /** What it has left; resolves when it is over. */
  get stopped(): Promise<StopReport> {
    return this.#stopped.promise;
  }

  /** Ends it, and tells at once what that leaves. The first call says how. Throws what keeps it from telling; it goes on then. */
  stop(how: StopServer = {}): Promise<StopReport> {
    this.#report ??= this.#begin(how).catch((thrown) => {
      this.#report = undefined;
      throw thrown;
    });
    return this.#report;
  }

  async #begin(how: StopServer): Promise<StopReport> {
    const report = await whatIsLeft(this.#options.api, how);
    setImmediate(() => void this.#end(report, how)); // after the answer to whoever has asked for it
    return report;
  }

  async #end(report: StopReport, { cancel = false, drainMs = 0 }: StopServer): Promise<void> {
    const { api, dataDir, log, onBegin, closeServers } = this.#options;
    try {
      onBegin();
      log.info('stopping', { left: report.left.length, waiting: report.waiting.length });
      const closing: CloseOptions = { leave: !cancel, drainMs };
      const closed = api.close(closing);
      closed.catch(() => {}); // it is waited for below
      // Whoever waits for the end of what is under way may have to answer what it asks.
      if (cancel || drainMs > 0) await closed.catch(() => {});
      await closeServers();
      removeRecord(dataDir);
      await closed;
      this.#stopped.resolve(report);
    } catch (thrown) {
      this.#stopped.reject(thrown);
    } finally {
      log.close();
    }
  }
}
