import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const IDLE_MS = 30 * 86_400_000;
const MAX_SESSIONS = 1_000;
/** How old what is written of the use of a session may be: not each request is worth a write. */
const USE_MS = 86_400_000;
const CIPHER = 'aes-256-gcm';

const sessionSchema = z.object({
  /** The token that it stands for, which only the id of the session opens. */
  sealed: z.string(),
  usedAt: z.number(),
});
type Session = z.infer<typeof sessionSchema>;
const fileSchema = z.record(z.string(), sessionSchema);

export interface SessionsOptions {
  /** The time, in milliseconds (`Date.now`). */
  readonly now?: () => number;
  /** Where they outlive this process; nowhere, unless told. Whoever reads it gets in nowhere with what is in it. */
  readonly file?: string;
  /** Told what keeps them from being written; they hold in this process all the same. */
  readonly onFailure?: (thrown: unknown) => void;
}

/** What browsers hold instead of a token. */
export class Sessions {
  readonly #now: () => number;
  readonly #file: string | undefined;
  readonly #onFailure: (thrown: unknown) => void;
  /** By the digest of its id, so that how long a search takes says nothing of the ids that there are; the one used last is last. */
  readonly #sessions: Map<string, Session>;

  constructor({ now = Date.now, file, onFailure = () => {} }: SessionsOptions = {}) {
    this.#now = now;
    this.#file = file;
    this.#onFailure = onFailure;
    this.#sessions = new Map(Object.entries(file === undefined ? {} : read(file)));
  }

  /** Begins one for this token; gives its id. */
  begin(secret: string): string {
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(digestOf(id), { sealed: seal(secret, id), usedAt: this.#now() });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    this.#write();
    return id;
  }

  /** The token of a session that was used within the last 30 days; asked about each time, since it may be worth less than before. */
  secretOf(id: string): string | undefined {
    const digest = digestOf(id);
    const session = this.#sessions.get(digest);
    if (!session) return undefined;
    this.#sessions.delete(digest);
    const unusedMs = this.#now() - session.usedAt;
    const secret = unusedMs > IDLE_MS ? undefined : open(session.sealed, id);
    if (secret !== undefined) this.#sessions.set(digest, { ...session, usedAt: this.#now() });
    if (secret === undefined || unusedMs > USE_MS) this.#write();
    return secret;
  }

  end(id: string): void {
    if (this.#sessions.delete(digestOf(id))) this.#write();
  }

  #write(): void {
    if (this.#file === undefined) return;
    try {
      writeFileSync(`${this.#file}.tmp`, JSON.stringify(Object.fromEntries(this.#sessions)), { mode: 0o600 });
      renameSync(`${this.#file}.tmp`, this.#file);
    } catch (thrown) {
      this.#onFailure(thrown);
    }
  }
}

/** For how long a browser is to keep its cookie, in seconds. */
export const SESSION_SECONDS = IDLE_MS / 1000;

/** None where there is no file, or none of ours: one has to log in again then. */
function read(file: string): Record<string, Session> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}

/** The id is 256 random bits and in no file, so it is as good a key as any; what is written of it is its plain digest. */
function keyOf(id: string): Buffer {
  return createHash('sha256').update(`seal of ${id}`).digest();
}

function seal(secret: string, id: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, keyOf(id), iv);
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Undefined for what was not sealed so. */
function open(sealed: string, id: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(id), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
