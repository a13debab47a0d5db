import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { checkIdempotencyKey, keyReused } from '../contract/create-options.ts';
import type { BlockFilter, BlockOptions, LaunchBlock } from '../contract/group.ts';
import { columnTextSchema, tagsSchema } from '../contract/tags.ts';
import { LaunchRefused, OptioError } from '../errors.ts';
import type { LaunchBlockRecord, LaunchBlocks as Stored } from '../store/store.ts';
import { keyedId } from './keyed-id.ts';

/** What may not be launched. Each block stands for itself: of two that say the same both have to be released. */
export class LaunchBlocks {
  readonly #store: Stored;
  readonly #blocks = new Map<string, LaunchBlock>();
  /** Those that are being written, by their ids. */
  readonly #underWay = new Map<string, Promise<LaunchBlock>>();

  constructor(store: Stored) {
    this.#store = store;
  }

  /** Takes up those that another process has left. */
  async load(): Promise<void> {
    for (const record of await this.#store.list()) this.#hold(record, true);
  }

  /**
   * Blocks from now on; one that is to hold over restarts is on disk when this resolves. With the key of one that holds it
   * gives that one. Throws `invalid-input`, and `key-reused` when that one is not what is wanted now.
   */
  async add({ metadata = {} }: BlockFilter, options: BlockOptions): Promise<LaunchBlock> {
    const { reason, persist: isPersistent = false, idempotencyKey: key } = options;
    checkBlock({ metadata, reason });
    if (key !== undefined) checkIdempotencyKey(key);
    const id = keyedId('block', key);
    // One that comes to nothing leaves the key to others; any other is held by then.
    for (let other = this.#underWay.get(id); other; other = this.#underWay.get(id)) await other.catch(() => {});
    const before = this.#blocks.get(id);
    if (before && key !== undefined) return asWanted(before, key, { metadata, reason, isPersistent });
    const record = { id, metadata, reason, createdAt: new Date().toISOString() };
    const made = this.#make(record, isPersistent).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, made);
    return made;
  }

  async #make(record: LaunchBlockRecord, isPersistent: boolean): Promise<LaunchBlock> {
    const block = this.#hold(record, isPersistent);
    try {
      if (isPersistent) await this.#store.add(record);
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
      if (this.#blocks.get(record.id) !== block) return; // its key may have made another one since
      if (isPersistent) await this.#store.remove(record.id);
      this.#blocks.delete(record.id);
    };
    const dispose = async () => {
      if (!isPersistent) await release();
    };
    const block: LaunchBlock = { ...record, isPersistent, release, [Symbol.asyncDispose]: dispose };
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

/** The block that a key has made. Throws `key-reused` when something else is wanted by now. */
function asWanted(
  block: LaunchBlock,
  key: string,
  wanted: Pick<LaunchBlock, 'metadata' | 'reason' | 'isPersistent'>,
): LaunchBlock {
  const { metadata, reason, isPersistent } = block;
  if (
    isDeepStrictEqual({ ...metadata }, { ...wanted.metadata }) &&
    reason === wanted.reason &&
    isPersistent === wanted.isPersistent
  ) {
    return block;
  }
  throw keyReused(key, `the block ${block.id}`);
}

/** Whether it has all of these tags. */
function matches(metadata: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => metadata[key] === value);
}
