import { OptioError } from '../errors.ts';
import { HttpError } from './http-error.ts';

const WINDOW_MS = 60_000;
const MAX_FAILED = 10;
/** Of how many addresses we know; of more the oldest are forgotten. */
const MAX_ADDRESSES = 10_000;

/** Counts wrong tokens by the address they come from: ten in a minute, then none is looked at any more. */
export class Attempts {
  readonly #now: () => number;
  readonly #failed = new Map<string, { count: number; readonly since: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes down a wrong token. Throws `too-many-attempts` for the eleventh within a minute, and all after it. */
  fail(remote: string): void {
    const now = this.#now();
    const before = this.#failed.get(remote);
    if (!before || now - before.since >= WINDOW_MS) {
      this.#failed.delete(remote);
      this.#failed.set(remote, { count: 1, since: now });
      const [oldest] = this.#failed.keys();
      if (this.#failed.size > MAX_ADDRESSES && oldest !== undefined) this.#failed.delete(oldest);
      return;
    }
    before.count++;
    if (before.count <= MAX_FAILED) return;
    const seconds = Math.ceil((before.since + WINDOW_MS - now) / 1000);
    const error = new OptioError('too-many-attempts', 'too many wrong tokens have come from this address', {
      remedy: `Wait ${seconds} seconds, then use the right one.`,
    });
    throw new HttpError(429, error, { 'Retry-After': String(seconds) });
  }
}
