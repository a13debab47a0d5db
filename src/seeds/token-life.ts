import type { LeaseClock } from './clock.ts';
import type { LoginTokens } from './renewed-auth.ts';

/** So long before its end a token is renewed, or after three quarters of a shorter life, in milliseconds. */
const AHEAD_MS = 300_000;
/** So soon after one has come no other is asked for by itself, in milliseconds: each takes a refresh token that works once. */
export const REST_MS = 2_000;

/** How long an access token is good for, by time as it passes here. */
export class TokenLife {
  readonly #clock: LeaseClock;
  /** By the clock's `elapsed`; infinite when nobody knows. */
  readonly #endsAt: number;
  readonly #livesMs: number;

  /** `isNew`: it has just come. Then it does not matter whether our clock is right: it is good for as long as it says from now on. */
  constructor({ endsAt, livesMs }: Pick<LoginTokens, 'endsAt' | 'livesMs'>, clock: LeaseClock, isNew: boolean) {
    this.#clock = clock;
    const leftMs = endsAt === null ? Number.POSITIVE_INFINITY : endsAt - clock.now();
    this.#endsAt = clock.elapsed() + (isNew && livesMs !== null ? livesMs : leftMs);
    this.#livesMs = livesMs ?? Math.max(leftMs, 0); // it does not say for how long: what was left when it came here
  }

  get leftMs(): number {
    return this.#endsAt - this.#clock.elapsed();
  }

  /** When it is to be renewed, from now on; 0 or less: now. */
  get dueInMs(): number {
    return this.leftMs - Math.min(AHEAD_MS, this.#livesMs / 4);
  }

  /** So soon after it has come nobody refuses it for being old, in milliseconds. */
  get youthMs(): number {
    return Math.min(30_000, this.#livesMs / 2);
  }
}
