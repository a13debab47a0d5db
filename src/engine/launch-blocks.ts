import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { BlockFilter, BlockOptions, LaunchBlock } from '../contract/group.ts';
import { columnTextSchema, tagsSchema } from '../contract/tags.ts';
import { LaunchRefused, OptioError } from '../errors.ts';
import type { LaunchBlockRecord, LaunchBlocks as Stored } from '../store/store.ts';

/** What may not be launched. Each block stands for itself: of two that say the same both have to be released. */
export class LaunchBlocks {
  readonly #store: Stored;
  readonly #blocks = new Map<string, LaunchBlock>();

  constructor(store: Stored) {
    this.#store = store;
  }

  /** Takes up those that another process has left. */
  async load(): Promise<void> {
    for (const record of await this.#store.list()) this.#hold(record, true);
  }

  /** Blocks from now on; one that is to hold over restarts is on disk when this resolves. Throws `invalid-input`. */
  async add({ metadata = {} }: BlockFilter, { reason, persist = false }: BlockOptions): Promise<LaunchBlock> {
    checkBlock({ metadata, reason });
    const record = { id: `block-${randomUUID()}`, metadata, reason, createdAt: new Date().toISOString() };
    const block = this.#hold(record, persist);
    try {
      if (persist) await this.#store.add(record);
      return block;
    } catch (error) {
      this.#blocks.delete(record.id); // nobody would have it to release
      throw error;
    }
  }

  list(): LaunchBlock[] {
    return [...this.#blocks.values()];
  }

  /** Throws `LaunchRefused` for a run that may not be launched. */
  check(metadata: Readonly<Record<string, string>>): void {
    const blocking = this.list().filter((block) => matches(metadata, block.metadata));
    if (blocking.length === 0) return;
    const reasons = [...new Set(blocking.map(({ reason }) => reason))].join('; ');
    throw new LaunchRefused('blocked', `launches like this one are blocked: ${reasons}`, {
      remedy: 'Wait until the block is released.',
    });
  }

  #hold(record: LaunchBlockRecord, isPersistent: boolean): LaunchBlock {
    const release = async () => {
      if (isPersistent) await this.#store.remove(record.id);
      this.#blocks.delete(record.id);
    };
    const dispose = async () => {
      if (!isPersistent) await release();
    };
    const block = { ...record, isPersistent, release, [Symbol.asyncDispose]: dispose };
    this.#blocks.set(record.id, block);
    return block;
  }
}

const blockSchema = z.object({ metadata: tagsSchema, reason: columnTextSchema });

function checkBlock(block: Pick<LaunchBlockRecord, 'metadata' | 'reason'>): void {
  const issue = blockSchema.safeParse(block).error?.issues[0];
  if (!issue) return;
  const field = issue.path.join('.');
  throw new OptioError('invalid-input', `${field}: ${issue.message}`, {
    field,
    remedy: 'Correct it as the message says; nothing is blocked.',
  });
}

/** Whether it has all of these tags. */
function matches(metadata: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => metadata[key] === value);
}
