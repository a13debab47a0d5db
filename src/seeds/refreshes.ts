import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';
import { OptioError } from '../errors.ts';
import { isRunning } from '../hosts/processes.ts';
import type { SeedFindings } from '../store/store.ts';
import { Answers } from './answers.ts';
import { isDoubtful } from './doubtful-refresh.ts';
import type { SeedKeys } from './encryption.ts';
import type { SeedKeyring } from './keys.ts';
import type { Lease } from './lease.ts';
import { AUTH_FILE } from './manifest.ts';
import { OneByOne } from './one-by-one.ts';
import { RefreshFiles, type RefreshIntent, type RefreshPlace } from './refresh-files.ts';
import { resealAnswer, toText } from './refresh-order.ts';
import { type Refresher, type StartRefresher, waitForEnd } from './refresh-process.ts';
import { tokensOf } from './renewed-auth.ts';
import type { RefreshWish, Settled } from './settled.ts';
import type { UnusedLogins } from './unused-logins.ts';
import type { SeedContent } from './vault.ts';

/** How long what is under way is waited for at the end, in milliseconds: a minute for its answer, and some to write that down. */
const CLOSE_MS = 65_000;

/** Where a refresh has come to; tests let a process die there. */
export type RefreshStep =
  | 'noted'
  | 'started'
  | 'identified'
  | 'told'
  | 'answered'
  | 'read'
  | 'saved'
  | 'cleared'
  | 'waiting';

export interface RefreshesParts {
  readonly directory: string;
  readonly keyring: SeedKeyring;
  readonly start: StartRefresher;
  readonly onStep?: (step: RefreshStep) => void;
  /** What came and is of no use goes there. */
  readonly unused: UnusedLogins;
  /** The seeds, for whoever has the lease. */
  readonly seeds: {
    content(id: string, version?: number): Promise<SeedContent | undefined>;
    versions(id: string): Promise<readonly number[]>;
    save(lease: Lease, auth: string, replaces: number): Promise<void>;
    note(id: string, version: number, findings: SeedFindings): Promise<unknown>;
  };
}

/**
 * Refreshes logins so that no death of any process of ours loses a token, or sends one twice: what is begun is written down first, a
 * process of its own sends it, and its answer waits on the disk until it is saved.
 */
export class Refreshes {
  readonly #parts: RefreshesParts;
  readonly #files: RefreshFiles;
  readonly #answers: Answers;
  readonly #running = new Set<Refresher>();
  readonly #busy = new Set<Promise<unknown>>();
  /** What is begun and not known yet to be sent would else look as if it never was. */
  readonly #ofSeed = new OneByOne();
  #gate: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(parts: RefreshesParts) {
    this.#parts = parts;
    this.#files = new RefreshFiles(parts.directory);
    this.#answers = new Answers(parts, this.#files);
  }

  /** Refreshes what is the current content. What came of it is told by the next `settle`. Throws when it could not be begun. */
  send(lease: Lease, wish: RefreshWish): Promise<void> {
    return this.#guarded(lease, () => this.#send(lease, wish));
  }

  /** Takes up what is left of refreshes of a seed, by whomever they were begun, and gives what it holds then. */
  settle(lease: Lease): Promise<Settled | undefined> {
    return this.#guarded(lease, () => this.#settle(lease));
  }

  /** Whether there is anything to be taken up. */
  async isLeft(seedId: string): Promise<boolean> {
    return (await this.#files.left(seedId)).length > 0;
  }

  /** Nobody wants what is left: the seed is removed, or has a new login. What was under way then is removed by the next `sweep`. */
  async forget(seedId: string): Promise<void> {
    for (const left of await this.#files.left(seedId)) await this.#files.clear(left);
    await this.#parts.unused.forget((id) => id === seedId);
  }

  /** Removes what is left of seeds that are not there: it came when they were removed already. */
  async sweep(): Promise<void> {
    const { seeds, unused } = this.#parts;
    const isGone = async (seedId: string) => (await seeds.versions(seedId)).length === 0;
    for (const left of await this.#files.left()) if (await isGone(left.seedId)) await this.#files.clear(left);
    await unused.forget(isGone);
  }

  /** Lets `change` change the key while nothing is under way that is encrypted with the old one. */
  async rekey<T>(change: (resealAnswers: (keys: SeedKeys) => Promise<void>) => Promise<T>): Promise<T> {
    while (this.#gate !== undefined) await this.#gate;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    try {
      await Promise.allSettled(this.#busy);
      for (const left of await this.#files.left()) await this.#waitFor(left);
      return await change(async (keys) => {
        for (const left of await this.#files.left()) {
          const sealed = await this.#files.result(left);
          if (sealed !== undefined) await this.#files.putResult(left, resealAnswer(left, sealed, keys));
        }
        await this.#parts.unused.reseal(keys);
      });
    } finally {
      this.#gate = undefined;
      resolve();
    }
  }

  /**
   * Begins nothing more, and waits for what is under way, as long as a refresh takes at most: where our end is that of a container, those
   * who carry it out do not outlive us. What takes longer goes on without us, where it can.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    const late = delay(CLOSE_MS, undefined, { ref: false }).then(() => true);
    // Whoever has waited for an answer takes it up in the same go.
    while (this.#busy.size > 0) {
      const isLate = await Promise.race([late, Promise.allSettled(this.#busy).then(() => false)]);
      if (isLate) break;
      await immediate();
    }
    for (const refresher of this.#running) refresher.letGo();
  }

  async #guarded<T>({ seedId }: Lease, act: () => Promise<T>): Promise<T> {
    while (this.#gate !== undefined) await this.#gate;
    const acting = this.#ofSeed.do(seedId, act);
    this.#busy.add(acting);
    return acting.finally(() => this.#busy.delete(acting));
  }

  async #send({ seedId, fence }: Lease, { content, reason }: RefreshWish): Promise<void> {
    const { keyring, start, directory, onStep } = this.#parts;
    const tokens = tokensOf(content.files[AUTH_FILE] ?? '{}');
    if (!tokens) return;
    if (this.#isClosed) throw new OptioError('aborted', 'optio-codex is closing, and asks for no newer token any more');
    const [key] = await keyring.keys();
    const place = { seedId, version: content.version };
    const intent = { ...place, fence, startedAt: new Date().toISOString(), process: null };
    await this.#files.begin(intent);
    onStep?.('noted');
    const refresher = await start();
    onStep?.('started');
    await this.#files.putIntent({ ...intent, process: refresher.identity });
    onStep?.('identified');
    this.#running.add(refresher);
    const over = refresher.tell({ ...place, reason, directory, refreshToken: tokens.refreshToken, key: toText(key) });
    onStep?.('told');
    await over.finally(() => this.#running.delete(refresher));
    onStep?.('answered');
  }

  async #settle(lease: Lease): Promise<Settled | undefined> {
    const { seeds } = this.#parts;
    const { seedId } = lease;
    let settled: Settled | undefined;
    for (const left of await this.#files.left(seedId)) {
      const intent = await this.#waitFor(left);
      const content = await seeds.content(seedId);
      if (content && left.version > content.version) continue;
      if (!content) {
        await this.#files.clear(left); // the seed was removed meanwhile
        continue;
      }
      const sealed = await this.#files.result(left);
      if (sealed !== undefined) {
        settled = await this.#answers.takeUp(lease, left, sealed, content);
        if (settled.unsaved) return settled;
      } else if (await isDoubtful({ seeds, files: this.#files }, { left, intent, content })) {
        settled = { content, isDoubtful: true };
      } else {
        await this.#files.clear(left); // it was never sent, or what it was sent for is over
      }
    }
    if (settled) return settled;
    const content = await seeds.content(seedId);
    return content && { content, isDoubtful: false };
  }

  /** Whoever has begun it may have died; whoever carries it out has not. */
  async #waitFor(left: RefreshPlace): Promise<RefreshIntent | 'damaged' | undefined> {
    const intent = await this.#files.intent(left);
    if (!intent || intent === 'damaged' || !intent.process || !isRunning(intent.process)) return intent;
    this.#parts.onStep?.('waiting');
    await waitForEnd(intent.process);
    return intent;
  }
}
