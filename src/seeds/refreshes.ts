import { REFUSED } from '../contract/seed-reason.ts';
import { fromUnknown } from '../errors.ts';
import { isRunning } from '../hosts/processes.ts';
import type { SeedFindings } from '../store/store.ts';
import { isDoubtful } from './doubtful-refresh.ts';
import type { SeedKeys } from './encryption.ts';
import type { SeedKeyring } from './keys.ts';
import type { Lease } from './lease.ts';
import { AUTH_FILE } from './manifest.ts';
import { isNewest, isOfCurrent } from './newest-answer.ts';
import { OneByOne } from './one-by-one.ts';
import { RefreshFiles, type RefreshIntent, type RefreshPlace } from './refresh-files.ts';
import { type RefreshAnswer, readAnswer, resealAnswer, toText } from './refresh-order.ts';
import { type Refresher, type StartRefresher, waitForEnd } from './refresh-process.ts';
import { renewAuth, tokensOf } from './renewed-auth.ts';
import type { RefreshWish, Settled } from './settled.ts';
import type { SeedContent } from './vault.ts';

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
  readonly #running = new Set<Refresher>();
  readonly #busy = new Set<Promise<unknown>>();
  /** What is begun and not known yet to be sent would else look as if it never was. */
  readonly #ofSeed = new OneByOne();
  #gate: Promise<unknown> | undefined;

  constructor(parts: RefreshesParts) {
    this.#parts = parts;
    this.#files = new RefreshFiles(parts.directory);
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
  }

  /** Removes what is left of seeds that are not there: it came when they were removed already. */
  async sweep(): Promise<void> {
    for (const left of await this.#files.left()) {
      const versions = await this.#parts.seeds.versions(left.seedId);
      if (versions.length === 0) await this.#files.clear(left);
    }
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
      });
    } finally {
      this.#gate = undefined;
      resolve();
    }
  }

  /** What is under way goes on without us. */
  close(): void {
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
        settled = await this.#takeUp(lease, left, sealed, content);
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

  async #takeUp(lease: Lease, left: RefreshPlace, sealed: string, content: SeedContent): Promise<Settled> {
    const { keyring, onStep } = this.#parts;
    const answer = readAnswer(left, sealed, await keyring.keys());
    onStep?.('read');
    const { result } = answer;
    const isCurrent = await isOfCurrent(left, content, this.#parts.seeds);
    if (isCurrent && result.kind === 'refused')
      await this.#noteDead({ ...left, version: content.version }, result.code);
    const isAnswered = result.kind !== 'unknown' || result.refreshToken !== undefined;
    if (
      isAnswered &&
      result.kind !== 'refused' &&
      (isCurrent || (await isNewest(left, answer, content, this.#parts.seeds)))
    ) {
      return this.#save(lease, left, answer, content);
    }
    const isDoubtful = isCurrent && result.kind === 'unknown' && result.mayHaveActed;
    await this.#files.clear(left, { keepsSent: isDoubtful });
    onStep?.('cleared');
    return { content, isDoubtful, ...(isCurrent && { result }) };
  }

  async #save(lease: Lease, left: RefreshPlace, answer: RefreshAnswer, content: SeedContent): Promise<Settled> {
    const { seeds, onStep } = this.#parts;
    const { result, at } = answer;
    const given = result.kind === 'refused' ? {} : result;
    const auth = renewAuth(content.files[AUTH_FILE] ?? '{}', given, at);
    if (auth === undefined) {
      await this.#refuse(left, content, 'the provider gave it tokens of another account, which are not used');
      return { content, isDoubtful: true, result };
    }
    const renewed = { ...content, files: { ...content.files, [AUTH_FILE]: auth } };
    try {
      await seeds.save(lease, auth, content.version);
    } catch (thrown) {
      const unsaved = fromUnknown(thrown);
      if (unsaved.code !== 'invalid-input') return { content: renewed, isDoubtful: false, result, unsaved };
      await this.#refuse(left, content, 'the provider gave it tokens that are no whole login of its account');
      return { content, isDoubtful: true, result };
    }
    onStep?.('saved');
    await this.#files.clear(left);
    onStep?.('cleared');
    const saved = (await seeds.content(lease.seedId)) ?? renewed;
    return { content: saved, isDoubtful: false, result };
  }

  /** The token that was sent is used up, and what it gave is of no use: the access token that there is lives on until its end. */
  async #refuse(left: RefreshPlace, content: SeedContent, reason: string): Promise<void> {
    await this.#parts.seeds.note(left.seedId, content.version, { state: 'unknown', reason });
    await this.#files.clear(left, { keepsSent: true });
  }

  async #noteDead({ seedId, version }: RefreshPlace, code: string): Promise<void> {
    await this.#parts.seeds.note(seedId, version, { state: 'dead', reason: `${REFUSED}${code}` });
  }
}
