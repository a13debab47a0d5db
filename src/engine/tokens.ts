import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { CreateOptions } from '../contract/create-options.ts';
import { type CreatedToken, type NewToken, newTokenSchema, type TokenInfo } from '../contract/token.ts';
import { GUARD } from '../contract/view.ts';
import { OptioError } from '../errors.ts';
import type { Tokens as Stored, TokenRecord } from '../store/store.ts';
import { type Clock, systemClock } from './clock.ts';
import { keyedId } from './keyed-id.ts';
import { EXPIRY } from './opened-requests.ts';

/** Whoever has the token of the data directory. */
const OWNER = 'owner';
/** What the record calls somebody else no token may be called, or it would pass for that. */
const TAKEN = [OWNER, GUARD, EXPIRY];
/** From what a secret can be told wherever it turns up. */
const PREFIX = 'oc_';
const SECRET_BYTES = 32;

const optionsSchema = z.object({
  idempotencyKey: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/)
    .optional(),
});

/** Who may come in, besides whoever has the token of the data directory. */
export class Tokens {
  readonly #store: Stored;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(store: Stored, clock: Pick<Clock, 'now'> = systemClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Lets somebody in; on disk when it resolves. The secret is in nothing but this answer, so that a key can make one token
   * only and give it once: throws `key-reused` after that, and `invalid-input`, also for a name that is taken.
   */
  async create(token: NewToken, { idempotencyKey }: CreateOptions = {}): Promise<CreatedToken> {
    check(newTokenSchema, token);
    check(optionsSchema, { idempotencyKey });
    const { name, role, ttlMs } = token;
    if (isTaken(name)) throw refused('name', `"${name}" means somebody else`, 'Choose another name.');
    const secret = `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const now = this.#clock.now();
    const id = keyedId('token', idempotencyKey);
    const expiresAt = ttlMs === undefined ? null : iso(now + ttlMs);
    const record = { id, name, role, hash: digest(secret), createdAt: iso(now), expiresAt };
    const taken = await this.#store.add(record);
    if (taken === 'id') {
      throw new OptioError('key-reused', 'a token was made with this key already, and its secret is told once only', {
        remedy: `Remove the token ${id}, and make another one.`,
      });
    }
    if (taken) {
      throw refused('name', `there is a token "${name}" already`, 'Choose another name, or remove that one.');
    }
    return { ...toInfo(record), secret };
  }

  async list(): Promise<TokenInfo[]> {
    return (await this.#store.list(this.#now())).map(toInfo);
  }

  /** Lets somebody in no more, from when it resolves on. Throws `not-found`. */
  async remove(id: string): Promise<void> {
    if (await this.#store.remove(id)) return;
    throw new OptioError('not-found', `there is no token ${id}`, { remedy: 'Look for its id in the list of tokens.' });
  }

  /** Whose secret it is, and what he may do; undefined when it lets nobody in. */
  async authenticate(secret: string): Promise<Pick<TokenInfo, 'name' | 'role'> | undefined> {
    if (!secret.startsWith(PREFIX)) return undefined;
    const found = await this.#store.find(digest(secret), this.#now());
    return found && { name: found.name, role: found.role };
  }

  #now(): string {
    return iso(this.#clock.now());
  }
}

/** A secret is as long as its digest and random, so that a salt and a slow digest would make nothing safer. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function isTaken(name: string): boolean {
  const said = name.trim().toLowerCase();
  return TAKEN.includes(said) || said.startsWith('rule ');
}

function toInfo({ hash: _, ...info }: TokenRecord): TokenInfo {
  return info;
}

function check(schema: z.ZodType, value: unknown): void {
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue) throw refused(issue.path.join('.') || 'token', issue.message, 'Correct it as the message says.');
}

function refused(field: string, message: string, remedy: string): OptioError {
  return new OptioError('invalid-input', `${field}: ${message}`, { field, remedy });
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
