import { createHash, randomBytes } from 'node:crypto';

/** How long a link holds, in milliseconds. */
const HELD_MS = 60 * 60_000;
/** How many hold at a time; with one more the oldest does not any longer. */
const MAX_LINKS = 100;

/** Codes that let a browser in once, in the place of a token, which nobody has to copy then. In memory only. */
export class LoginLinks {
  /** Where the page is, once that is known; none where only a unix socket leads to it. */
  address: string | undefined;
  readonly #now: () => number;
  /** By the digest of the code, so that how long a search takes says nothing of the codes that there are. */
  readonly #links = new Map<string, { readonly secret: string; readonly until: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A new code that stands for this token, and the address at which it lets in. */
  make(secret: string): { readonly code: string; readonly url: string | null } {
    const code = randomBytes(24).toString('base64url');
    this.#links.set(digestOf(code), { secret, until: this.#now() + HELD_MS });
    const [oldest] = this.#links.keys();
    if (this.#links.size > MAX_LINKS && oldest !== undefined) this.#links.delete(oldest);
    return { code, url: this.address === undefined ? null : `${this.address}/#login=${code}` };
  }

  /** The token that a code stands for, once; undefined for one that is not known, was used, or is too old. */
  take(code: string): string | undefined {
    const digest = digestOf(code);
    const link = this.#links.get(digest);
    this.#links.delete(digest);
    return link && this.#now() <= link.until ? link.secret : undefined;
  }
}

function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('base64');
}
