import { join } from 'node:path';
import { keptDirectory } from '../changes/end.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { Blobs, Runs } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Dispatcher } from './dispatcher.ts';
import { isEnded } from './states.ts';

export interface RemovalOptions {
  readonly runs: Pick<Runs, 'find' | 'list' | 'expireNow' | 'remove'>;
  readonly blobs: Pick<Blobs, 'release'>;
  readonly host: Pick<Host, 'removeDirectory'>;
  readonly dispatcher: Pick<Dispatcher, 'run'>;
  /** Where everything of ours is. */
  readonly data: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Saves the login that lies in the private directory of a run, where it could not be saved before. Throws while it cannot. */
  readonly saveLeft: (runId: string) => Promise<void>;
}

/** Removes runs that have ended, with all that they have begun and left behind. */
export class Removal {
  readonly #options: RemovalOptions;
  /** By the root of what is being removed. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: RemovalOptions) {
    this.#options = options;
  }

  /**
   * Removes a run with its whole tree. That it is to go is on disk first, as that it has expired: if we die meanwhile, or
   * something of it cannot be removed, the rest goes later. Throws `not-found`, `run-busy` while part of it has not ended,
   * and `invalid-input` for one that another run has begun, since it is part of that one's record.
   */
  async remove(runId: string): Promise<void> {
    const { runs, clock, dispatcher } = this.#options;
    const run = await runs.find(runId);
    if (!run) throw noRun(runId);
    if (run.parentId !== null) {
      throw new OptioError('invalid-input', `the run ${runId} was begun by the run ${run.parentId}, and goes with it`, {
        remedy: `Remove the run ${run.rootId}, with all that it has begun.`,
      });
    }
    if (isEnded(run.state)) await dispatcher.run(runId)?.working; // whoever has written its end is about to let go of it
    if (!(await runs.expireNow(runId, new Date(clock.now()).toISOString()))) {
      if (!(await runs.find(runId))) throw noRun(runId);
      throw new OptioError('run-busy', `the run ${runId}, or something that it has begun, has not ended`, {
        remedy: 'Cancel it, or wait for its outcome.',
      });
    }
    const below = (await runs.list({ rootId: runId })).map(({ id }) => id).filter((id) => id !== runId);
    await this.removeTree([runId, ...below]);
  }

  /** Removes a tree that has expired, given as its ids, the root first. */
  removeTree(tree: readonly string[]): Promise<void> {
    const [root = ''] = tree;
    const removed = this.#underWay.get(root) ?? this.#removeTree(tree).finally(() => this.#underWay.delete(root));
    this.#underWay.set(root, removed);
    return removed;
  }

  /** The root last: as long as it is there the rest is found again, whenever we die. */
  async #removeTree(tree: readonly string[]): Promise<void> {
    const { runs, blobs, host, data, saveLeft } = this.#options;
    for (const runId of tree.toReversed()) {
      await saveLeft(runId);
      await host.removeDirectory(join(data, 'runs', runId));
      await host.removeDirectory(keptDirectory(data, runId));
      await blobs.release(runId);
      await runs.remove(runId);
    }
  }
}

function noRun(runId: string): OptioError {
  return new OptioError('not-found', `there is no run ${runId}`, { remedy: 'Look for it in the list of runs.' });
}
