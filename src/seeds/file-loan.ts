import type { SeedSettings } from '../contract/seed-config.ts';
import type { GateHolds, GatePass, SavedVersion } from '../contract/seed-wish.ts';
import { DOUBTED } from './doubted.ts';
import type { Lease } from './lease.ts';
import { Loan, type LoanParts } from './loans.ts';
import { AUTH_FILE } from './manifest.ts';
import { Unrenewed } from './provider-refusals.ts';
import type { GateLogin, GateTokens } from './refresh-gate.ts';
import { tokensOf } from './renewed-auth.ts';
import type { SharedSeed } from './shared-seed.ts';

/** A login for the home of a codex, which nobody else has meanwhile. It is renewed by us, when that codex asks at the gate. */
export class FileLoan extends Loan implements GateLogin {
  readonly mode = 'file';
  readonly settings: SeedSettings;
  readonly #lease: Lease;
  readonly #seed: SharedSeed;
  #saving: Promise<unknown> = Promise.resolve();
  /** How many wait for a refresh. */
  #waiting = 0;

  constructor(parts: LoanParts, lease: Lease, seed: SharedSeed) {
    super(parts);
    this.#lease = lease;
    this.#seed = seed;
    this.settings = seed.settings;
  }

  /** Aborted, with the reason, as soon as it must not be used any more. */
  get lost(): AbortSignal {
    return this.#lease.signal;
  }

  get version(): number {
    return this.#seed.version;
  }

  /** The auth.json, with the refresh token: nobody but us gets that. */
  get auth(): string {
    return this.#seed.auth;
  }

  admit(holds: GateHolds): Promise<GatePass> {
    return this.seeds.gate.admit(this, holds);
  }

  readmit(pass: GatePass, holds: GateHolds): Promise<boolean> {
    return this.seeds.gate.readmit(pass, this, holds);
  }

  onRenewed(listener: (version: number) => void): () => void {
    let told = this.version;
    return this.#seed.onRenewed(() => {
      if (this.version === told) return; // it lies on the disk, and is saved later
      told = this.version;
      listener(told);
    });
  }

  async renewed(held: string | undefined, isRefused: boolean): Promise<GateTokens> {
    this.lost.throwIfAborted();
    this.#waiting++;
    try {
      await (isRefused && held !== undefined ? this.#seed.renew(held) : this.#seed.tokens());
    } finally {
      this.#waiting--;
    }
    const { accessToken, idToken } = tokensOf(this.auth) ?? {};
    // To give it once more would let codex ask again and again, without end.
    if (accessToken === undefined || accessToken === held) {
      throw new Unrenewed(this.seedId, 'the one that there is is good for a while yet');
    }
    return { accessToken, idToken: idToken ?? null };
  }

  /** One after the other: each replaces what the one before has saved. */
  save(auth: string): Promise<SavedVersion> {
    const saving = this.#saving.catch(() => {}).then(() => this.#save(auth));
    this.#saving = saving;
    return saving;
  }

  /** Codex says what the provider has refused, but not with which code: what is not by name, our own asking tells, or has told. */
  noteRefused(isByName: boolean): Promise<void> {
    const found = isByName
      ? ({ state: 'dead', reason: 'its provider refused it, and codex could not renew it' } as const)
      : DOUBTED;
    return this.noted(this.#noteUnlessDead(found));
  }

  /** A refresh that is under way is not waited for: it goes on, and what it gives is saved before the seed is given back. */
  override release(): Promise<void> {
    const releasing = super.release();
    if (this.#waiting === 0) return releasing;
    releasing.catch(() => {}); // it runs out by itself
    return Promise.resolve();
  }

  protected now() {
    const { accessToken, accountId, plan } = tokensOf(this.auth) ?? {};
    const access = accessToken &&
      accountId && { accessToken, chatgptAccountId: accountId, chatgptPlanType: plan ?? null };
    return { version: this.version, ...(access && { access }) };
  }

  protected async giveBack(): Promise<void> {
    await this.#saving.catch(() => {});
    await this.#seed.release(false);
  }

  async #noteUnlessDead(found: Parameters<LoanParts['seeds']['note']>[2]): Promise<void> {
    const { state } = await this.seeds.find(this.seedId);
    if (state !== 'dead') await this.seeds.note(this.seedId, this.version, found);
  }

  async #save(auth: string): Promise<SavedVersion> {
    // What has become of it the provider has given to Codex.
    const replaces = this.version;
    const saved = { files: { [AUTH_FILE]: auth }, replaces, isProven: true };
    const { version } = await this.seeds.save(this.#lease, saved);
    if (version !== replaces) await this.#seed.look().catch(() => {}); // the lease is lost: nobody gets it any more
    return { isNew: version !== replaces, version };
  }
}
