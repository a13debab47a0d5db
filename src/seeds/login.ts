import { beginAccountLogin } from '../codex/account-login.ts';
import { findCodexBinary } from '../codex/binary.ts';
import { type CodexProcess, launchCodex } from '../codex/launch.ts';
import type { SeedLogin } from '../contract/seed-login.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { allowedEnvironment } from '../hosts/environment.ts';
import type { Host } from '../hosts/host.ts';
import type { LeaseClock } from './clock.ts';
import type { LoginHome, LoginOrder } from './login-home.ts';
import { type LoginMethod, notBegun, notLoggedIn, notSaved, recordOf, tooLate } from './login-words.ts';
import { type SaverParts, saveLogin } from './save-login.ts';

export interface LoginParts extends SaverParts {
  readonly host: Host;
  /** The environment of optio-codex, of which codex gets what it needs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: LeaseClock;
  /** How long somebody has for logging in, in milliseconds. */
  readonly lifetimesMs: Readonly<Record<LoginMethod, number>>;
}

/** A login from its start to its end, which `ended` tells: whatever comes of it, codex is gone then. */
export class Login {
  readonly home: LoginHome;
  readonly ended: Promise<void>;
  readonly #parts: LoginParts;
  readonly #order: LoginOrder;
  readonly #over = new AbortController();
  #made: Promise<void> = Promise.resolve();
  #told: SeedLogin;
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();
  #isGivenUp = false;
  /** When it was over, by the clock. */
  endedAt: number | undefined;

  /** `isLeft`: a process before us has begun it, and codex has written it down. */
  constructor(parts: LoginParts, home: LoginHome, order: LoginOrder, isLeft = false) {
    this.#parts = parts;
    this.home = home;
    this.#order = order;
    const { login, startedAt } = order;
    this.#told = {
      id: home.id,
      seed: login.id,
      pool: login.pool ?? null,
      method: this.#method,
      state: isLeft ? 'saving' : 'starting',
      url: null,
      userCode: null,
      startedAt,
      expiresAt: this.#inTime(Date.parse(startedAt)),
      error: null,
      keptIn: null,
    };
    this.ended = (isLeft ? this.#save(true) : this.#run())
      .catch((thrown) => this.#fail(fromUnknown(thrown)))
      .finally(() => {
        this.endedAt = parts.clock.elapsed();
      });
  }

  get told(): SeedLogin {
    return this.#told;
  }

  /** The login lies in its home still, for it could not be saved. */
  get isKept(): boolean {
    return this.#told.keptIn !== null;
  }

  get isUnderWay(): boolean {
    return this.endedAt === undefined;
  }

  isFor({ id, pool, method = 'deviceCode', again = false }: LoginOrder['login'], config: string | undefined): boolean {
    const { login, config: ours } = this.#order;
    const isSameSeed = login.id === id && login.pool === pool && (login.again ?? false) === again;
    return isSameSeed && this.#method === method && ours === config;
  }

  /** Resolves when its state is another one than was seen, or when so many milliseconds have passed. */
  async differs(seen: SeedLogin['state'] | undefined, ms: number): Promise<void> {
    if (this.#told.state !== seen) return;
    const time = Promise.withResolvers<void>();
    const callOff = this.#parts.clock.after(ms, time.resolve, true);
    await Promise.race([this.#changed.promise, time.promise]);
    callOff();
  }

  /** Nobody wants it any more; what is saved already stays. Resolves when it is over. */
  async cancel(): Promise<void> {
    const { state } = this.#told;
    if (state === 'starting' || state === 'waiting') {
      this.#isGivenUp = true;
      await this.#made.catch(() => {});
      // The next process would save it otherwise, should this one die just now.
      await this.home.write({ ...this.#order, isGivenUp: true }).catch(() => {});
      this.#over.abort();
      await this.ended;
    } else if (this.isKept && !this.isUnderWay) {
      await this.home.remove();
      this.#tell({ keptIn: null });
    }
  }

  /** Ends it at once, since this process ends. A login that is there is saved all the same. */
  async stop(): Promise<void> {
    this.#over.abort();
    await this.ended;
  }

  get #method(): LoginMethod {
    return this.#order.login.method ?? 'deviceCode';
  }

  get #lifetimeMs(): number {
    return this.#parts.lifetimesMs[this.#method];
  }

  async #run(): Promise<void> {
    this.#made = this.home.make(this.#order);
    await this.#made;
    const why = await this.#logIn();
    const auth = this.#isGivenUp ? undefined : await this.home.auth();
    // It may be there although codex says that it is not complete, or although it came at the last moment.
    if (auth !== undefined && !this.#isGivenUp) return this.#save(false);
    await this.home.remove().catch(() => {}); // the next process tries again
    if (this.#isGivenUp) return this.#tell({ state: 'cancelled' });
    const state = why === 'stopped' ? 'cancelled' : why === 'late' ? 'expired' : 'failed';
    const error = why === 'stopped' ? closing() : why === 'late' ? tooLate(this.#lifetimeMs / 60_000) : why;
    this.#tell({ state, error: recordOf(error ?? notLoggedIn('codex has written no login down', this.#method)) });
  }

  /** Lets somebody log in. Gives why nobody has, where codex says so. Codex is gone when it resolves. */
  async #logIn(): Promise<OptioError | 'stopped' | 'late' | undefined> {
    let codex: CodexProcess | undefined;
    try {
      codex = await this.#launch();
      const type = this.#method === 'browser' ? 'chatgpt' : 'chatgptDeviceCode';
      const begun = await Promise.race([beginAccountLogin(codex.link.transport, type), aborted(this.#over.signal)]);
      if (!begun) return 'stopped';
      const { url, userCode } = begun;
      this.#tell({ state: 'waiting', url, userCode, expiresAt: this.#inTime(this.#parts.clock.now()) });
      const ended = begun.end.then(
        ({ isComplete, error }) => (isComplete ? undefined : whyNot(error ?? '', this.#method)),
        () => notLoggedIn(null, this.#method),
      );
      const end = await this.#firstOf(ended);
      if (end === 'stopped' || end === 'late') await begun.cancel();
      return end;
    } catch (thrown) {
      return notBegun(thrown);
    } finally {
      // By the end of its input: what it is writing it writes. What became of the login is looked at in any case.
      await codex?.stop().catch(() => {});
    }
  }

  #launch(): Promise<CodexProcess> {
    const { host, env } = this.#parts;
    const { id: session, codexHome, home } = this.home;
    const variables = { ...allowedEnvironment(env), PATH: host.searchPath(env.PATH), HOME: home, RUST_LOG: 'error' };
    const binary = findCodexBinary().path;
    return launchCodex({ host, binary, codexHome, cwd: home, env: variables, session, over: 'streams' });
  }

  async #firstOf<T>(ended: Promise<T>): Promise<T | 'stopped' | 'late'> {
    const late = Promise.withResolvers<'late'>();
    const callOff = this.#parts.clock.after(this.#lifetimeMs, () => late.resolve('late'), true);
    const stopped = aborted(this.#over.signal).then(() => 'stopped' as const);
    return Promise.race([ended, stopped, late.promise]).finally(callOff);
  }

  async #save(isLeft: boolean): Promise<void> {
    this.#tell({ state: 'saving' });
    const { error, isKept } = await saveLogin(this.#parts, this.home, this.#order, isLeft);
    const keptIn = isKept ? this.home.authFile : null;
    this.#tell(error ? { state: 'failed', error: recordOf(error), keptIn } : { state: 'done' });
  }

  async #fail(error: OptioError): Promise<void> {
    // What may be a login stays for the next process.
    const isEmpty = await this.home.auth().then(
      (auth) => auth === undefined,
      () => false,
    );
    if (isEmpty) await this.home.remove().catch(() => {});
    const { authFile } = this.home;
    const { id, again = false } = this.#order.login;
    const told = isEmpty ? error : notSaved(error, id, authFile, again);
    this.#tell({ state: 'failed', error: recordOf(told), keptIn: isEmpty ? null : authFile });
  }

  #inTime(now: number): string {
    return new Date(now + this.#lifetimeMs).toISOString();
  }

  #tell(change: Partial<SeedLogin>): void {
    this.#told = { ...this.#told, ...change };
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Codex gives up after as long as we do, and may be first. */
function whyNot(said: string, method: LoginMethod): OptioError | 'late' {
  return /timed out after/.test(said) ? 'late' : notLoggedIn(said, method);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function closing(): OptioError {
  return new OptioError('aborted', 'optio-codex was closed before somebody had logged in', {
    remedy: 'Begin it once more.',
  });
}
