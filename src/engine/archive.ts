import { OptioError } from '../errors.ts';
import type { RunRecord, Runs } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { RunReader } from './run-reader.ts';

export interface ArchiveOptions {
  readonly runs: Pick<Runs, 'archive' | 'unarchive'>;
  readonly reader: Pick<RunReader, 'known'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What has ended and nobody wants to see any more, and yet wants to keep. */
export class Archive {
  readonly #options: ArchiveOptions;

  constructor(options: ArchiveOptions) {
    this.#options = options;
  }

  /** See `RunHandle.archive`. Throws `not-found`, `run-busy` while part of its tree has not ended, and `invalid-input`. */
  async add(runId: string): Promise<void> {
    const { runs, clock } = this.#options;
    await this.#topmost(runId);
    if (await runs.archive(runId, new Date(clock.now()).toISOString())) return;
    await this.#options.reader.known(runId); // it may be gone by now
    throw new OptioError('run-busy', `the run ${runId}, or something that it has begun, has not ended`, {
      remedy: 'Cancel it, or wait for its outcome.',
    });
  }

  /** See `RunHandle.unarchive`. Throws `not-found`, `invalid-input`. */
  async remove(runId: string): Promise<void> {
    await this.#topmost(runId);
    await this.#options.runs.unarchive(runId);
  }

  /** What another run has begun is part of that one's record, and is seen with it or not at all. */
  async #topmost(runId: string): Promise<RunRecord> {
    const run = await this.#options.reader.known(runId);
    if (run.parentId === null) return run;
    throw new OptioError('invalid-input', `the run ${runId} was begun by the run ${run.parentId}, and goes with it`, {
      remedy: `Name the run ${run.rootId}.`,
    });
  }
}
