import type { SeedSummary } from '../contract/seed.ts';
import type { SeedSettings } from '../contract/seed-config.ts';
import type { SavedVersion } from '../contract/seed-wish.ts';
import { DOUBTED } from './doubted.ts';
import type { Lease } from './lease.ts';
import { lentSettings } from './lent-settings.ts';
import { AUTH_FILE } from './manifest.ts';
import { tokensOf } from './renewed-auth.ts';
import type { Seeds } from './seeds.ts';
import type { AccessTokens } from './shared-seed.ts';
import type { SeedUse } from './shared-seeds.ts';
import { noteLimit, type UsageAsk } from './usage.ts';
import type { SeedContent } from './vault.ts';

export interface LoanParts {
  readonly seeds: Seeds;
  readonly seed: Pick<SeedSummary, 'id' | 'account' | 'version'>;
  /** Told once it is given back. */
  readonly onReleased: () => void;
}

/** A seed that a run has now. */
abstract class Loan {
  readonly seedId: string;
  readonly account: SeedSummary['account'];
  /** What is to hold for its runs, unless they say otherwise. */
  abstract readonly settings: SeedSettings;
  protected readonly seeds: Seeds;
  readonly #onReleased: () => void;
  #noting: Promise<unknown> = Promise.resolve();
  #released: Promise<void> | undefined;

  constructor({ seeds, seed, onReleased }: LoanParts) {
    this.seedId = seed.id;
    this.account = seed.account;
    this.seeds = seeds;
    this.#onReleased = onReleased;
  }

  /** It was given back. */
  get isReleased(): boolean {
    return this.#released !== undefined;
  }

  /** Gives it back, once however often it is said, and once what was found out about it is noted. */
  release(): Promise<void> {
    this.#released ??= this.#noting.then(() => this.giveBack()).finally(this.#onReleased);
    return this.#released;
  }

  /** It has run into a limit of its plan, until then where that was told: nobody else is lent it before. */
  noteLimit(resetsAt?: string): Promise<void> {
    return this.noted(noteLimit({ seeds: this.seeds, seedId: this.seedId, ...this.now() }, resetsAt));
  }

  protected noted(noting: Promise<unknown>): Promise<void> {
    const done = noting.then(() => {});
    this.#noting = Promise.allSettled([this.#noting, done]);
    return done;
  }

  /** What it is by now. */
  protected abstract now(): Pick<UsageAsk, 'version'> & Partial<Pick<UsageAsk, 'access'>>;

  protected abstract giveBack(): Promise<void>;
}

/** An API key. */
export class KeyLoan extends Loan {
  readonly mode = 'key';
  readonly apiKey: string;
  readonly settings: SeedSettings;
  readonly #use: SeedUse;

  constructor(parts: LoanParts, use: SeedUse) {
    super(parts);
    this.#use = use;
    this.apiKey = use.seed.apiKey;
    this.settings = use.seed.settings;
  }

  protected now() {
    return { version: this.#use.seed.version };
  }

  protected async giveBack(): Promise<void> {
    this.#use.end();
  }
}

/** Short-lived tokens of a ChatGPT login, which many have at a time. */
export class TokenLoan extends Loan {
  readonly mode = 'broker';
  readonly settings: SeedSettings;
  readonly #use: SeedUse;
  readonly #endings: (() => void)[] = [];

  constructor(parts: LoanParts, use: SeedUse) {
    super(parts);
    this.#use = use;
    this.settings = use.seed.settings;
  }

  tokens(): Promise<AccessTokens> {
    return this.#use.seed.tokens();
  }

  renew(refused: string): Promise<AccessTokens> {
    return this.#use.seed.renew(refused);
  }

  onRenewed(listener: (tokens: AccessTokens) => void): () => void {
    const end = this.#use.seed.onRenewed(listener);
    this.#endings.push(end);
    return end;
  }

  protected now() {
    const { version, current: access } = this.#use.seed;
    return { version, ...(access && { access }) };
  }

  protected async giveBack(): Promise<void> {
    for (const end of this.#endings) end();
    this.#use.end();
  }
}

/** The login itself, which nobody else has meanwhile. */
export class FileLoan extends Loan {
  readonly mode = 'file';
  readonly settings: SeedSettings;
  readonly #lease: Lease;
  #version: number;
  #auth: string;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(parts: LoanParts, lease: Lease, { version, files }: SeedContent) {
    super(parts);
    this.#lease = lease;
    this.#version = version;
    this.#auth = files[AUTH_FILE] ?? '';
    this.settings = lentSettings(files);
  }

  /** Aborted, with the reason, as soon as it must not be used any more. */
  get lost(): AbortSignal {
    return this.#lease.signal;
  }

  get version(): number {
    return this.#version;
  }

  get auth(): string {
    return this.#auth;
  }

  /** One after the other: each replaces what the one before has saved. */
  save(auth: string): Promise<SavedVersion> {
    const saving = this.#saving.catch(() => {}).then(() => this.#save(auth));
    this.#saving = saving;
    return saving;
  }

  /** Codex says what the provider has refused, but not with which code: what is not by name, our own asking will tell. */
  noteRefused(isByName: boolean): Promise<void> {
    const found = isByName
      ? ({ state: 'dead', reason: 'its provider refused it, and codex could not renew it' } as const)
      : DOUBTED;
    return this.noted(this.seeds.note(this.seedId, this.#version, found));
  }

  protected now() {
    const { accessToken, accountId, plan } = tokensOf(this.#auth) ?? {};
    const access = accessToken &&
      accountId && { accessToken, chatgptAccountId: accountId, chatgptPlanType: plan ?? null };
    return { version: this.#version, ...(access && { access }) };
  }

  protected async giveBack(): Promise<void> {
    await this.#saving.catch(() => {});
    await this.#lease.release();
  }

  async #save(auth: string): Promise<SavedVersion> {
    // What has become of it the provider has given to Codex.
    const saved = { files: { [AUTH_FILE]: auth }, replaces: this.#version, isProven: true };
    const { version } = await this.seeds.save(this.#lease, saved);
    const isNew = version !== this.#version;
    this.#version = version;
    this.#auth = auth;
    return { isNew, version };
  }
}
