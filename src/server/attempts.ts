import { createHash } from 'node:crypto';
import { OptioError } from '../errors.ts';
import { HttpError } from './http-error.ts';

const WINDOW_MS = 60_000;
const MAX_FAILED = 10;
/** Of how many addresses, and of how many tokens, we know; of more the oldest are forgotten. */
const MAX_KNOWN = 10_000;

/**
 * Counts wrong tokens by the address they come from. After ten within a minute no other token from there is looked at until
 * that is over, unless it has let somebody in before: nobody is locked out by his neighbours, and no session ends. On loopback and
 * on sockets all users of this machine are one address: there each is looked at, and the wrong ones are answered late.
 */
export class Attempts {
  readonly #now: () => number;
  readonly #lateMs: number;
  readonly #failed = new Map<string, { count: number; readonly since: number }>();
  readonly #good = new Set<string>();

  /** `lateMs`: how late the eleventh wrong token of this machine's, and each after it, is answered, in milliseconds. */
  constructor(now: () => number, lateMs: number) {
    this.#now = now;
    this.#lateMs = lateMs;
  }

  /**
   * Has a token looked at. It counts from its beginning, so that many at once are no more than ten either. Throws
   * `too-many-attempts`; undefined for one that is wrong.
   */
  async look<T>(secret: string, remote: string, authenticate: () => Promise<T | undefined>): Promise<T | undefined> {
    const digest = createHash('sha256').update(secret).digest('base64');
    const attempts = this.#attemptsOf(remote);
    attempts.count++;
    const isOver = attempts.count > MAX_FAILED;
    if (isOver && !isHere(remote) && !this.#good.has(digest)) throw tooMany(attempts.since + WINDOW_MS - this.#now());
    const found = await authenticate();
    if (found) {
      attempts.count--;
      keep(this.#good, digest, MAX_KNOWN);
    } else if (isOver) {
      await new Promise((resolve) => setTimeout(resolve, this.#lateMs).unref());
      throw tooMany(attempts.since + WINDOW_MS - this.#now());
    }
    return found;
  }

  #attemptsOf(remote: string): { count: number; readonly since: number } {
    const now = this.#now();
    const before = this.#failed.get(remote);
    if (before && now - before.since < WINDOW_MS) return before;
    const begun = { count: 0, since: now };
    this.#failed.delete(remote);
    this.#failed.set(remote, begun);
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > MAX_KNOWN && oldest !== undefined) this.#failed.delete(oldest);
    return begun;
  }
}

/** Whether it is this machine, by loopback or by a socket. */
function isHere(remote: string): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(remote) || !/[.:]/.test(remote);
}

function keep(set: Set<string>, value: string, max: number): void {
  set.delete(value);
  set.add(value);
  const [oldest] = set;
  if (set.size > max && oldest !== undefined) set.delete(oldest);
}

function tooMany(ms: number): HttpError {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const error = new OptioError('too-many-attempts', 'too many wrong tokens have come from this address', {
    remedy: `Wait ${seconds} seconds, then use the right one.`,
  });
  return new HttpError(429, error, { 'Retry-After': String(seconds) });
}
