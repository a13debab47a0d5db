import { createHash, randomBytes } from 'node:crypto';

const IDLE_MS = 30 * 86_400_000;
const MAX_SESSIONS = 1_000;

interface Session {
  /** Asked about each time: what it stands for may be removed, or be worth less than before. */
  readonly secret: string;
  usedAt: number;
}

/** What browsers hold instead of a token. In memory only: after a restart one logs in again. */
export class Sessions {
  readonly #now: () => number;
  /** By the digest of its id, so that how long a search takes says nothing of the ids that there are; the one used last is last. */
  readonly #sessions = new Map<string, Session>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Begins one for this token; gives its id. */
  begin(secret: string): string {
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(digestOf(id), { secret, usedAt: this.#now() });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    return id;
  }

  /** The token of a session that was used within the last 30 days. */
  secretOf(id: string): string | undefined {
    const digest = digestOf(id);
    const session = this.#sessions.get(digest);
    if (!session) return undefined;
    this.#sessions.delete(digest);
    if (this.#now() - session.usedAt > IDLE_MS) return undefined;
    session.usedAt = this.#now();
    this.#sessions.set(digest, session);
    return session.secret;
  }

  end(id: string): void {
    this.#sessions.delete(digestOf(id));
  }
}

/** For how long a browser is to keep its cookie, in seconds. */
export const SESSION_SECONDS = IDLE_MS / 1000;

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
