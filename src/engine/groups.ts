import type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from '../contract/group.ts';
import type { Cancellation } from './cancellation.ts';
import { checkReason } from './check-reason.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { LaunchBlocks } from './launch-blocks.ts';
import type { Launcher } from './launcher.ts';

export interface GroupsOptions {
  readonly dispatcher: Dispatcher;
  readonly launcher: Launcher;
  readonly cancellation: Cancellation;
  readonly blocks: LaunchBlocks;
}

/** What is done to all runs with certain tags, those to come too. */
export class Groups {
  readonly #options: GroupsOptions;

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /**
   * Gives the order to stop to all runs with these tags, also to those whose launch is under way. Resolves with their ids
   * when that is written down, and waits for no end, so that one of them may call it. `block`: until all of them have
   * ended no more like them are launched. Throws `invalid-input` when there is no tag.
   */
  async cancel({ metadata }: GroupFilter, { reason, block = false }: GroupCancel): Promise<string[]> {
    const { dispatcher, launcher, cancellation } = this.#options;
    checkReason('reason', reason);
    const held = block ? await this.block({ metadata }, { reason }) : undefined;
    try {
      const ids = await cancellation.cancelGroup(metadata, reason, () => launcher.settled());
      const ended = Promise.allSettled(ids.map((id) => dispatcher.run(id)?.outcome));
      void ended.then(() => held?.release()).catch(() => {}); // the store is closed, and the block with it
      return ids;
    } catch (error) {
      await held?.release();
      throw error;
    }
  }

  /** Refuses launches of runs with these tags, or of all, until it is released. */
  block(filter: BlockFilter, options: BlockOptions): Promise<LaunchBlock> {
    return this.#options.blocks.add(filter, options);
  }

  /** The blocks that hold, also those that a process before us has made. */
  blocks(): LaunchBlock[] {
    return this.#options.blocks.list();
  }
}
