import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  isOver,
  LOGIN_WAIT_MS,
  type NewSeedLogin,
  newSeedLoginSchema,
  type SeedLogin,
  type SeedLoginQuery,
} from '../contract/seed-login.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { type LeaseClock, systemClock } from './clock.ts';
import { Login, type LoginParts } from './login.ts';
import { LoginHome } from './login-home.ts';
import { portTaken } from './login-words.ts';
import { nameTaken, otherPool } from './refusals.ts';
import { checkSeedConfig } from './seed-config.ts';
import type { Seeds } from './seeds.ts';

const MINUTE_MS = 60_000;
/** Codex waits for as long. */
const LIFETIMES_MS = { deviceCode: 15 * MINUTE_MS, browser: 10 * MINUTE_MS } as const;
/** A lease that a dead process has left is over by then. */
const SAVE_PATIENCE_MS = 75_000;
const MAX_UNDER_WAY = 8;
/** How long an ended one is told, in milliseconds, and how many of them at most. */
const TOLD_MS = 60 * MINUTE_MS;
const MAX_TOLD = 100;
/** To which a browser comes back; codex does not let it be chosen. */
const BROWSER_PORT = 1455;

export interface SeedLoginsOptions {
  readonly host: Host;
  readonly seeds: Seeds;
  /** The data directory. */
  readonly dataDir: string;
  /** The environment of optio-codex. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: LeaseClock;
  /** How long somebody has for logging in, in milliseconds (15 minutes with a code, 10 with a browser). */
  readonly lifetimesMs?: LoginParts['lifetimesMs'];
  /** How long to wait for whoever uses a seed that gets a new login, in milliseconds (75,000). */
  readonly patienceMs?: number;
}

/**
 * Logins with ChatGPT that become seeds. Each is made by a codex of its own in a private home, which is gone when the login is over;
 * one that is written down there is never lost: what this process cannot save the next one does.
 */
export class SeedLogins {
  readonly #parts: LoginParts;
  readonly #seeds: Seeds;
  readonly #directory: string;
  readonly #logins = new Map<string, Login>();
  #isClosed = false;

  constructor(options: SeedLoginsOptions) {
    const { host, seeds, dataDir, env, clock = systemClock } = options;
    const { lifetimesMs = LIFETIMES_MS, patienceMs = SAVE_PATIENCE_MS } = options;
    this.#parts = { host, seeds, env, clock, lifetimesMs, patienceMs };
    this.#seeds = seeds;
    this.#directory = join(dataDir, 'seeds', 'logins');
  }

  /** Ends what a process before us has left, and begins to save the logins among it. To be called before anything else. */
  async takeUp(): Promise<void> {
    for (const home of await LoginHome.left(this.#parts.host, this.#directory)) {
      try {
        await home.sweep();
        const order = await home.order();
        const isWanted = !order.isGivenUp && (await home.auth()) !== undefined;
        if (isWanted) this.#logins.set(home.id, new Login(this.#parts, home, order, true));
        else await home.remove();
      } catch {
        // It stays where it is, for the next one.
      }
    }
  }

  /**
   * Begins a login, or gives the one that was begun for the same. Throws `invalid-input` for a name that is taken (or under way
   * otherwise), `not-found` where `again` names nothing, and `login-failed` when the port of a browser is taken, or 8 are under way.
   */
  async start(wanted: NewSeedLogin): Promise<SeedLogin> {
    const { config, ...login } = checked(wanted);
    const kept = config === undefined ? undefined : checkSeedConfig({ config }).content;
    await this.#refuseSeed(login);
    const isBrowser = login.method === 'browser';
    const same = () => this.#underWay().find((other) => other.isFor(login, kept));
    if (isBrowser && !same() && !this.#underWay().some(({ told }) => told.method === 'browser'))
      await refuseTakenPort();
    // Nothing is waited for from here on, so that two who begin at once see each other.
    if (this.#isClosed) throw new OptioError('aborted', 'optio-codex is closing');
    const begun = same() ?? this.#begin(login, kept);
    return begun.told;
  }

  /** Those that are under way, and those that ended within the hour; the oldest first. */
  list(): SeedLogin[] {
    this.#forget();
    return [...this.#logins.values()].map(({ told }) => told);
  }

  /** As soon as its state is another one than was seen, or after 25 s. Throws `not-found`. */
  async find(id: string, { seen }: SeedLoginQuery = {}): Promise<SeedLogin> {
    const login = this.#find(id);
    if (seen !== undefined && !isOver(login.told)) await login.differs(seen, LOGIN_WAIT_MS);
    return login.told;
  }

  /** Gives a login up, or discards one that could not be saved; one that is over stays as it is. Throws `not-found`. */
  async cancel(id: string): Promise<SeedLogin> {
    const login = this.#find(id);
    await login.cancel();
    return login.told;
  }

  /** Discards those that could not be saved, and are in a seed by now. */
  async tidy(): Promise<void> {
    for (const login of this.#logins.values()) {
      if (!login.isKept) continue;
      try {
        const auth = await login.home.auth();
        if (auth === undefined || (await this.#seeds.holderOf(auth)) !== undefined) await login.cancel();
      } catch {
        // It stays where it is: whoever has added a seed has done so all the same.
      }
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#logins.values()].map((login) => login.stop()));
  }

  #find(id: string): Login {
    this.#forget();
    const login = this.#logins.get(id);
    if (login) return login;
    throw new OptioError('not-found', `there is no login ${JSON.stringify(id)}`, {
      remedy: 'It may have ended long ago, or with the process in which it was: begin it once more.',
    });
  }

  #underWay(): Login[] {
    return [...this.#logins.values()].filter(({ isUnderWay }) => isUnderWay);
  }

  #begin(login: NewSeedLogin, config: string | undefined): Login {
    const others = this.#underWay();
    const { id, method } = login;
    if (others.some(({ told }) => told.seed === id)) throw underWay('id', `a login for the seed ${id} is under way`);
    if (method === 'browser' && others.some(({ told }) => told.method === method))
      throw underWay('method', 'a login with a browser is under way, and there can be one only');
    if (others.length >= MAX_UNDER_WAY) {
      throw new OptioError('login-failed', `${MAX_UNDER_WAY} logins are under way, and no more can be`, {
        remedy: 'Cancel one, or wait for its end.',
      });
    }
    const home = LoginHome.plan(this.#parts.host, this.#directory);
    const startedAt = new Date(this.#parts.clock.now()).toISOString();
    const begun = new Login(this.#parts, home, { login, startedAt, config, isGivenUp: false });
    this.#logins.set(home.id, begun);
    return begun;
  }

  /** Before anybody takes the trouble to log in. */
  async #refuseSeed({ id, pool, again = false }: NewSeedLogin): Promise<void> {
    const there = await this.#seeds.find(id).catch((thrown) => {
      if (again || fromUnknown(thrown).code !== 'not-found') throw thrown;
      return undefined;
    });
    if (!there) return;
    if (!again) throw nameTaken(id);
    if (pool !== undefined && pool !== there.pool) throw otherPool(there);
    if (there.kind === 'apiKey') {
      throw new OptioError('invalid-input', `id: the seed ${id} is a key, and no login of ChatGPT`, {
        field: 'id',
        remedy: 'Give it another key, or log in under another name.',
      });
    }
  }

  #forget(): void {
    const oldest = this.#parts.clock.elapsed() - TOLD_MS;
    const ended = [...this.#logins.values()].filter(({ isUnderWay, isKept }) => !isUnderWay && !isKept);
    for (const [at, { home, endedAt = oldest }] of ended.entries()) {
      if (endedAt < oldest || at < ended.length - MAX_TOLD) this.#logins.delete(home.id);
    }
  }
}

function checked(login: NewSeedLogin): NewSeedLogin {
  const { success, data, error } = newSeedLoginSchema.safeParse(login);
  if (success) return data;
  const [issue] = error.issues;
  const field = issue?.path.join('.') || 'login';
  throw new OptioError('invalid-input', `${field}: ${issue?.message}`, {
    field,
    remedy: 'Correct it as the message says.',
  });
}

function underWay(field: string, message: string): OptioError {
  return new OptioError('invalid-input', `${field}: ${message}`, {
    field,
    remedy: 'Cancel that one, or wait for its end.',
  });
}

/** Codex would end the login of another codex that waits there, and take another port where that does not help. */
async function refuseTakenPort(): Promise<void> {
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port: BROWSER_PORT, exclusive: true }, () => resolve(true));
  });
  if (!isFree) throw portTaken(BROWSER_PORT);
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
