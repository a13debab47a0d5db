import type { SeedSettings } from '../contract/seed-config.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { backOff } from './back-off.ts';
import type { LeaseClock } from './clock.ts';
import type { Lease } from './lease.ts';
import { lentSettings } from './lent-settings.ts';
import { AUTH_FILE } from './manifest.ts';
import { OneByOne } from './one-by-one.ts';
import { Unrenewed, unrenewedBy } from './provider-refusals.ts';
import type { Refreshes } from './refreshes.ts';
import { type LoginTokens, tokensOf } from './renewed-auth.ts';
import type { RefreshWish, Settled } from './settled.ts';
import { SharedLease } from './shared-lease.ts';
import { REST_MS, TokenLife } from './token-life.ts';
import type { SeedContent } from './vault.ts';

/** Whoever asks for a token that is good for now waits so long for a newer one, in milliseconds. */
const WAIT_MS = 5_000;

/** A short-lived token of a ChatGPT login. */
export interface AccessTokens {
  readonly accessToken: string;
  readonly chatgptAccountId: string;
  readonly chatgptPlanType: string | null;
}

export interface SharedParts {
  readonly clock: LeaseClock;
  readonly refreshes: Refreshes;
  /** Takes its lease once more; undefined when somebody else has it. */
  readonly leaseAgain: () => Promise<Lease | undefined>;
  /** It is renewed when somebody asks, and not by itself (false). */
  readonly isOnDemand?: boolean;
}

/**
 * A seed that many use at a time: they get short-lived tokens, which are renewed ahead of their end, by one refresh at a time, as long
 * as anybody uses it. The refresh token goes to nobody.
 */
export class SharedSeed {
  readonly id: string;
  readonly #parts: SharedParts;
  readonly #changing = new OneByOne();
  readonly #listeners = new Set<(tokens: AccessTokens) => void>();
  readonly #lease: SharedLease;
  #content: SeedContent;
  #tokens: LoginTokens | undefined;
  #life: TokenLife | undefined;
  /** By the clock, when the last one came from the provider. */
  #cameAt = Number.NEGATIVE_INFINITY;
  /** The provider refuses the access token that there is. */
  #isRefused = false;
  #renewing: Promise<void> | undefined;
  #failures = 0;
  /** Before this, by the clock, the provider is left alone. */
  #restsUntil = Number.NEGATIVE_INFINITY;
  #problem: OptioError | undefined;
  #released: Promise<void> | undefined;
  /** It was removed. */
  #isGone = false;
  #callOff = () => {};

  constructor(lease: Lease, settled: Settled, parts: SharedParts) {
    this.id = lease.seedId;
    this.#parts = parts;
    this.#lease = new SharedLease(lease, parts.leaseAgain);
    this.#content = settled.content;
    this.#take(settled);
  }

  get version(): number {
    return this.#content.version;
  }

  get auth(): string {
    return this.#content.files[AUTH_FILE] ?? '{}';
  }

  get settings(): SeedSettings {
    return lentSettings(this.#content.files);
  }

  /** The access token that there is, if it is good for now. */
  get current(): AccessTokens | undefined {
    const tokens = this.#tokens;
    if (!tokens || this.#isRefused || (this.#life?.leftMs ?? 0) <= 0) return undefined;
    const { accessToken, accountId, plan } = tokens;
    return { accessToken, chatgptAccountId: accountId ?? '', chatgptPlanType: plan };
  }

  /** One that is good for now, a newer one where it would not be for long. Throws `login-expired`, `call-failed`, `lease-lost`. */
  async tokens(): Promise<AccessTokens> {
    const isDue = (this.#life?.dueInMs ?? 0) <= 0;
    if (this.#restMs > 0) return this.#good();
    if (!this.current) await this.refresh('proactive_expiry');
    else if (isDue) await this.#within(WAIT_MS, this.refresh('proactive_expiry'));
    return this.#good();
  }

  /** A newer one than this, which the provider has refused. Throws what `tokens` throws. */
  async renew(refused: string): Promise<AccessTokens> {
    if (this.#tokens?.accessToken !== refused) return this.tokens();
    this.#isRefused = true;
    const age = this.#parts.clock.elapsed() - this.#cameAt;
    if (age < (this.#life?.youthMs ?? 0)) throw new Unrenewed(this.id, 'the one that has just come is refused as well');
    await this.refresh('unauthorized_recovery');
    return this.#good();
  }

  /**
   * Gets newer tokens; all who want that at a time get the same. After a failure the provider is left alone for a while, unless a person
   * asks. Throws what `tokens` throws.
   */
  refresh(reason: RefreshWish['reason'], isAsked = false): Promise<void> {
    if (isAsked) this.#restsUntil = Number.NEGATIVE_INFINITY;
    this.#renewing ??= this.#renew(reason).finally(() => {
      this.#renewing = undefined;
      this.schedule();
    });
    return this.#renewing;
  }

  /** Tells of each newer one. The result ends that. */
  onRenewed(listener: (tokens: AccessTokens) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Renews it by itself from now on, ahead of its end. */
  schedule(): void {
    this.#callOff();
    const { clock, isOnDemand = false } = this.#parts;
    const dueIn = this.#life?.dueInMs ?? Number.POSITIVE_INFINITY;
    const isLost = this.#lease.isLost || this.#isGone || this.#problem?.code === 'login-expired';
    if (isOnDemand || isLost || this.#released !== undefined || dueIn === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(dueIn, this.#restsUntil - clock.elapsed(), this.#restMs, 0);
    const act = () => void this.refresh('proactive_expiry').catch(() => {}); // whoever needs one is told
    this.#callOff = clock.after(waitMs, () => ((this.#life?.dueInMs ?? 1) > 0 ? this.schedule() : act()), true);
  }

  /**
   * Lets something else of it be saved than a newer login, between two refreshes. Throws `lease-lost`, `not-found`, and what `save`
   * throws.
   */
  change<T>(save: (lease: Lease) => Promise<T>): Promise<T> {
    return this.#changing.do(this.id, async () => {
      await this.look();
      const saved = await save(this.#lease.current);
      await this.look(); // whoever comes next is lent what it holds now
      return saved;
    });
  }

  /** Gives it back, once a refresh that is under way is over, or at once. */
  release(isAtOnce: boolean): Promise<void> {
    this.#released ??= this.#release(isAtOnce);
    return this.#released;
  }

  async #release(isAtOnce: boolean): Promise<void> {
    this.#callOff();
    if (!isAtOnce) await this.#renewing?.catch(() => {});
    await this.#lease.current.release();
  }

  /** For how long the provider is left alone after the last one has come, unless it refuses that; 0 or less: it may be asked. */
  get #restMs(): number {
    return this.#isRefused ? 0 : this.#cameAt + REST_MS - this.#parts.clock.elapsed();
  }

  #good(): AccessTokens {
    if (this.current) return this.current;
    throw this.#problem ?? new Unrenewed(this.id, 'the one that has come is over already');
  }

  async #renew(reason: RefreshWish['reason']): Promise<void> {
    const { clock } = this.#parts;
    try {
      await this.#changing.do(this.id, () => this.#renewOnce(reason));
    } catch (thrown) {
      if (thrown === this.#problem) throw thrown; // it was told before
      this.#problem = fromUnknown(thrown);
      const { retryAfterMs } = thrown as { retryAfterMs?: number };
      const isOver = this.#problem.code === 'login-expired';
      const waitMs = isOver ? Number.POSITIVE_INFINITY : backOff(++this.#failures, retryAfterMs);
      this.#restsUntil = clock.elapsed() + waitMs;
      throw thrown;
    }
  }

  async #renewOnce(reason: RefreshWish['reason']): Promise<void> {
    const before = this.#tokens?.accessToken;
    const { refreshes, clock } = this.#parts;
    let found = await this.look();
    if (!(await this.#lease.current.confirm())) found = await this.look(); // as it is by now, under a lease of its own
    if (this.#tokens?.accessToken !== before) return;
    if (found.unsaved) throw found.unsaved;
    if (this.#problem && clock.elapsed() < this.#restsUntil) throw this.#problem;
    if (found.isDoubtful && this.current) {
      throw new Unrenewed(this.id, 'nobody knows what became of the last refresh', {
        retryAfterMs: this.#life?.leftMs,
      });
    }
    const lease = this.#lease.current;
    await refreshes.send(lease, { content: this.#content, reason });
    const { result } = this.#take(await refreshes.settle(lease));
    if (this.current && this.#tokens?.accessToken !== before) return;
    throw unrenewedBy(this.id, result);
  }

  /** Looks what it holds by now, which somebody may have changed whose lease came after ours. */
  async look(): Promise<Settled> {
    const settled = this.#take(await this.#parts.refreshes.settle(await this.#lease.held()));
    this.schedule(); // it may have been lost until now
    return settled;
  }

  #take(settled: Settled | undefined): Settled {
    this.#isGone = settled === undefined;
    if (!settled) throw new OptioError('not-found', `the seed ${this.id} was removed`, { remedy: 'Take another one.' });
    const tokens = tokensOf(settled.content.files[AUTH_FILE] ?? '{}');
    const before = this.#tokens;
    this.#content = settled.content;
    this.#tokens = tokens;
    if (!tokens || tokens.accessToken === before?.accessToken) return settled;
    const { clock } = this.#parts;
    const isNew = before !== undefined && settled.result?.kind === 'refreshed';
    const endsAt = tokens.endsAt ?? (settled.result?.kind === 'refreshed' ? settled.result.expiresAt : null);
    this.#life = new TokenLife({ ...tokens, endsAt }, clock, isNew);
    if (isNew) this.#cameAt = clock.elapsed();
    this.#isRefused = false;
    if (this.current) this.#failures = 0;
    this.#problem = undefined;
    this.#restsUntil = Number.NEGATIVE_INFINITY;
    const told = this.current;
    if (before && told) for (const listener of [...this.#listeners]) listener(told);
    return settled;
  }

  /** Whoever has something that is good for now does not wait for long, nor hear of a failure. */
  async #within(ms: number, renewing: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const callOff = this.#parts.clock.after(ms, resolve);
    await Promise.race([renewing.catch(() => {}), promise]);
    callOff();
  }
}
