import { REFUSED } from '../contract/seed-reason.ts';
import { fromUnknown } from '../errors.ts';
import type { Lease } from './lease.ts';
import { AUTH_FILE } from './manifest.ts';
import { isNewest, isOfCurrent } from './newest-answer.ts';
import type { RefreshFiles, RefreshPlace } from './refresh-files.ts';
import { type RefreshAnswer, readAnswer } from './refresh-order.ts';
import type { RefreshesParts } from './refreshes.ts';
import { renewAuth } from './renewed-auth.ts';
import type { Settled } from './settled.ts';
import type { RefreshResult } from './token-endpoint.ts';
import { UNUSED_DIRECTORY } from './unused-logins.ts';
import type { SeedContent } from './vault.ts';

interface Taken {
  readonly left: RefreshPlace;
  readonly content: SeedContent;
  readonly result: RefreshResult;
  /** What the login becomes by it. */
  readonly auth: string | undefined;
}

/** Takes up what refreshes have given, which waits on the disk until it is saved, or kept aside. */
export class Answers {
  readonly #parts: RefreshesParts;
  readonly #files: RefreshFiles;

  constructor(parts: RefreshesParts, files: RefreshFiles) {
    this.#parts = parts;
    this.#files = files;
  }

  /** Gives what the seed holds then. `content`: what it holds now. Throws `seed-unreadable`. */
  async takeUp(lease: Lease, left: RefreshPlace, sealed: string, content: SeedContent): Promise<Settled> {
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
    const made = renewAuth(content.files[AUTH_FILE] ?? '{}', given, at);
    const taken = { left, content, result, auth: made?.auth };
    if (!made || made.isOfAnother) return this.#refuse(taken, 'tokens of another account, which are not used');
    const renewed = { ...content, files: { ...content.files, [AUTH_FILE]: made.auth } };
    try {
      await seeds.save(lease, made.auth, content.version);
    } catch (thrown) {
      const unsaved = fromUnknown(thrown);
      if (unsaved.code !== 'invalid-input') return { content: renewed, isDoubtful: false, result, unsaved };
      return this.#refuse(taken, 'tokens that are no whole login of its account');
    }
    onStep?.('saved');
    await this.#files.clear(left);
    onStep?.('cleared');
    const saved = (await seeds.content(lease.seedId)) ?? renewed;
    return { content: saved, isDoubtful: false, result };
  }

  /**
   * The token that was sent is used up, and what it gave is of no use: the access token that there is lives on until its end. What came
   * is kept aside, or where it is: it may be good after all, and nobody else has it.
   */
  async #refuse({ left, content, result, auth }: Taken, what: string): Promise<Settled> {
    const { seeds, unused } = this.#parts;
    const refused = { content, isDoubtful: true, result };
    try {
      if (auth !== undefined) await unused.keep(left, auth);
    } catch {
      return refused; // the disk is full, say: it is tried again
    }
    const kept = auth === undefined ? '' : ` and are kept, encrypted, in ${UNUSED_DIRECTORY}`;
    await seeds.note(left.seedId, content.version, { state: 'unknown', reason: `the provider gave it ${what}${kept}` });
    await this.#files.clear(left, { keepsSent: true });
    return refused;
  }

  async #noteDead({ seedId, version }: RefreshPlace, code: string): Promise<void> {
    await this.#parts.seeds.note(seedId, version, { state: 'dead', reason: `${REFUSED}${code}` });
  }
}
