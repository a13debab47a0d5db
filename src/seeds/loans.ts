import type { SeedSummary } from '../contract/seed.ts';
import type { SeedSettings } from '../contract/seed-config.ts';
import { apiKeyOf } from './renewed-auth.ts';
import type { Seeds } from './seeds.ts';
import type { AccessTokens } from './shared-seed.ts';
import type { SeedUse } from './shared-seeds.ts';
import { noteLimit, type UsageAsk } from './usage.ts';

export interface LoanParts {
  readonly seeds: Seeds;
  readonly seed: Pick<SeedSummary, 'id' | 'account' | 'version'>;
  /** Told once it is given back. */
  readonly onReleased: () => void;
}

/** A seed that a run has now. */
export abstract class Loan {
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
    this.apiKey = apiKeyOf(use.seed.auth);
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
