import type { IncomingMessage } from 'node:http';
import { includesRole, type Role } from '../contract/role.ts';
import { OptioError } from '../errors.ts';
import { Attempts } from './attempts.ts';
import { HttpError } from './http-error.ts';
import type { Sessions } from './sessions.ts';

/** Who a token lets in. */
export interface Caller {
  /** Stands in the record of what is done with it. */
  readonly name: string;
  readonly role: Role;
  /** It is the token of the data directory: whoever has it may act in the name of others. */
  readonly isOwner?: boolean;
}

/**
 * Looks a token up; `undefined` for one that lets nobody in (any more). How long that takes must not tell how much of it is
 * right: compare digests.
 */
export type Authenticate = (secret: string) => Promise<Caller | undefined>;

export interface CallersOptions {
  readonly authenticate: Authenticate;
  /** Of the cookie that holds a session. Cookies know no ports, so that each server needs a name of its own. */
  readonly cookieName: string;
  /** The time, in milliseconds (`Date.now`). */
  readonly now: () => number;
  readonly sessions: Sessions;
  /** How late a wrong token of this machine's is answered after too many of them, in milliseconds. */
  readonly lateMs: number;
}

/** Knows who calls: by a token, or by the session of a browser. */
export class Callers {
  readonly #authenticate: Authenticate;
  readonly #cookieName: string;
  readonly #sessions: Sessions;
  readonly #attempts: Attempts;

  constructor({ authenticate, cookieName, now, sessions, lateMs }: CallersOptions) {
    this.#authenticate = authenticate;
    this.#cookieName = cookieName;
    this.#sessions = sessions;
    this.#attempts = new Attempts(now, lateMs);
  }

  /** Throws `unauthorized`, and `too-many-attempts`. */
  async identify(incoming: IncomingMessage, remote: string): Promise<Caller> {
    const { authorization } = incoming.headers;
    if (authorization !== undefined) return this.#check(tokenIn(authorization), remote);
    const sessionId = this.#sessionOf(incoming);
    const caller = await this.#callerOf(sessionId);
    if (caller) return caller;
    if (sessionId) this.#sessions.end(sessionId);
    throw unauthorized(sessionId ? 'the session has ended' : 'this needs a token');
  }

  /** Whether what a request came with lets in still; so it is too where that cannot be found out just now. */
  async knows(incoming: IncomingMessage): Promise<boolean> {
    const { authorization } = incoming.headers;
    const asked = authorization
      ? this.#authenticate(tokenIn(authorization))
      : this.#callerOf(this.#sessionOf(incoming));
    return asked.then(
      (caller) => caller !== undefined,
      () => true,
    );
  }

  /** Begins a session; gives its id, for a cookie. Throws as `identify` does. */
  async logIn(secret: string, remote: string): Promise<{ readonly caller: Caller; readonly sessionId: string }> {
    const caller = await this.#check(secret, remote);
    return { caller, sessionId: this.#sessions.begin(secret) };
  }

  logOut(incoming: IncomingMessage): void {
    const sessionId = this.#sessionOf(incoming);
    if (sessionId) this.#sessions.end(sessionId);
  }

  async #check(secret: string, remote: string): Promise<Caller> {
    const authenticate = async () => (secret === '' ? undefined : this.#authenticate(secret));
    const caller = await this.#attempts.look(secret, remote, authenticate);
    if (caller) return caller;
    throw unauthorized('this token is not known, or not valid any more', ', error="invalid_token"');
  }

  async #callerOf(sessionId: string | undefined): Promise<Caller | undefined> {
    const secret = sessionId && this.#sessions.secretOf(sessionId);
    return secret ? this.#authenticate(secret) : undefined;
  }

  #sessionOf({ headers }: IncomingMessage): string | undefined {
    const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim().split('='));
    return cookies.find(([name]) => name === this.#cookieName)?.[1];
  }
}

/** The token in an `Authorization` header; nothing for what is none. */
export function tokenIn(authorization: string): string {
  return /^bearer +(\S+)\s*$/i.exec(authorization)?.[1] ?? '';
}

/** Throws `forbidden` for a caller who may not do what needs this role. */
export function demandRole(caller: Caller, role: Role, what: string): void {
  if (includesRole(caller.role, role)) return;
  throw new OptioError(
    'forbidden',
    `${what} needs the role ${role}, and the token "${caller.name}" has the role ${caller.role}`,
    {
      remedy: `Use a token with the role ${role}.`,
    },
  );
}

function unauthorized(message: string, more = ''): HttpError {
  const error = new OptioError('unauthorized', message, {
    remedy: 'Give `Authorization: Bearer TOKEN`; the token of a data directory is in its file `token`.',
  });
  return new HttpError(401, error, { 'WWW-Authenticate': `Bearer realm="optio-codex"${more}` });
}
