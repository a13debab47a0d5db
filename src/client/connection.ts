import { ROUTES } from '../contract/routes.ts';
import { API_VERSION, type ServerInfo } from '../contract/server-info.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { type CheckedAddress, checkAddress, type ServerAddress } from './address.ts';
import { type Attempt, repeat } from './attempt.ts';
import { jsonOf } from './body.ts';
import { withDeadline } from './in-time.ts';
import { lost } from './lost.ts';
import { Patience, type Retry } from './patience.ts';
import { errorOf } from './problem.ts';
import { Setback } from './setback.ts';
import type { CallableOff } from './waiting-call.ts';

export interface ConnectOptions extends ServerAddress {
  /**
   * For how long it tries again when the connection is lost, or nobody answers, in milliseconds (30,000; 0: not at all).
   * Only what is harmless twice is tried again; what makes something has a key by which the server knows it.
   */
  readonly patienceMs?: number;
  /** A stream that is silent for so long counts as lost, in milliseconds (45,000; the server gives a sign of life every 15 s). */
  readonly silenceMs?: number;
  /** Asked before each further attempt where the server is by now: it may have been started anew, at another port. */
  readonly reconnect?: () => Promise<ServerAddress>;
  /** Called once this is closed: lets go of what `fetch` needs. */
  readonly onClose?: () => Promise<void>;
  /** Told before each further attempt. */
  readonly onRetry?: (retry: Retry) => void;
  /** Lets go of everything when it is aborted, as `close` does. */
  readonly signal?: AbortSignal;
}

/** What is sent. */
export interface Outgoing {
  readonly method: string;
  /** From the address of the server on, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Calls it off. */
  readonly signal?: AbortSignal | undefined;
}

interface PatienceWish {
  readonly patienceMs?: number | undefined;
  /** Nobody waits any more when it is aborted. */
  readonly signal?: AbortSignal;
  readonly call?: CallableOff;
}

/** The way to one server, wherever it is by now. */
export class Connection {
  /** Aborted when nothing is to be sent any more. */
  readonly closed: AbortSignal;
  readonly silenceMs: number;
  readonly #options: ConnectOptions;
  readonly #closing = new AbortController();
  #address: CheckedAddress;
  /** Whether the server that answered last speaks as we do. */
  #understood: Promise<void> | undefined;
  #renewing: Promise<void> | undefined;
  #age = 0;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#address = checkAddress(options);
    this.silenceMs = options.silenceMs ?? 45_000;
    const { signal } = options;
    this.closed = signal ? AbortSignal.any([this.#closing.signal, signal]) : this.#closing.signal;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#options.onClose?.();
  }

  /** How long one goes on in vain: as long as the client was told, or `patienceMs`. */
  patience({ patienceMs, signal, call }: PatienceWish): Patience {
    const given = [this.closed, ...(signal ? [signal] : []), ...(call ? [call.signal] : [])];
    return new Patience({
      patienceMs: patienceMs ?? this.#options.patienceMs ?? 30_000,
      signal: AbortSignal.any(given),
      call,
      onRetry: this.#options.onRetry,
    });
  }

  /** Tries something until it has come to something, as often as that may be. Throws the error of the last attempt. */
  repeat<T>(attempt: Attempt<T>): Promise<T> {
    return repeat(this, attempt);
  }

  /** One attempt, which gives the answer when it is a good one. Throws `Setback` where another may help. */
  async send({ method, path, headers, body, signal }: Outgoing): Promise<Response> {
    this.throwIfClosed();
    const { base, fetch, headers: ours } = this.#address;
    const calledOff = signal ? AbortSignal.any([this.closed, signal]) : this.closed;
    const content = body as RequestInit['body']; // of a browser it takes no bytes that are shared, which ours never are
    const init = { method, headers: { ...ours, ...headers }, signal: calledOff, ...(content && { body: content }) };
    const read = async () => {
      const response = await fetch(base + path, init);
      return response.ok ? response : errorOf(response);
    };
    const answer = await read().catch((thrown) => {
      throw this.lost(thrown);
    });
    if (answer instanceof Error) throw answer;
    return answer;
  }

  /** What has become of the connection, by what was thrown while something went over it. What is known already stays. */
  lost(thrown: unknown): OptioError | Setback {
    this.throwIfClosed();
    if (thrown instanceof OptioError || thrown instanceof Setback) return thrown;
    this.#understood = undefined; // so that what comes next is not sent to nobody
    return lost(thrown, this.#address.base);
  }

  /**
   * Asks the server once which version of the API it speaks, and again when the connection was lost. Throws `server-version`,
   * and `Setback`.
   */
  async understand(): Promise<void> {
    const asked = this.#understood ?? this.#ask();
    this.#understood = asked;
    try {
      await asked;
    } catch (thrown) {
      if (this.#understood === asked) this.#understood = undefined;
      if (!(thrown instanceof Setback)) throw thrown;
      const { error, afterMs, isLost } = thrown;
      throw new Setback(error, { perhapsDone: false, afterMs, isLost }); // what it was asked for is not sent yet
    }
  }

  /** Grows whenever the way to the server was looked for anew. */
  get age(): number {
    return this.#age;
  }

  /** Makes ready for another attempt, unless somebody has since the last one began. Throws what `reconnect` throws. */
  async renew({ isLost }: Setback, age: number): Promise<void> {
    if (age !== this.#age || this.closed.aborted) return;
    const renewing = this.#renewing ?? this.#renew(isLost);
    this.#renewing = renewing;
    try {
      await renewing;
    } finally {
      if (this.#renewing === renewing) this.#renewing = undefined;
    }
  }

  throwIfClosed(): void {
    if (!this.closed.aborted) return;
    throw new OptioError('aborted', 'this client is closed', { remedy: 'Connect again with `connectTo`.' });
  }

  /** Whoever answers next may be another server, at another address. */
  async #renew(isLost: boolean): Promise<void> {
    if (isLost) this.#understood = undefined;
    try {
      const found = await this.#options.reconnect?.();
      if (found) this.#address = checkAddress({ ...this.#options, ...found });
    } catch (thrown) {
      if (fromUnknown(thrown).code !== 'server-unreachable') throw thrown; // else the attempt will tell
    }
    this.#age++;
  }

  async #ask(): Promise<void> {
    const info = await withDeadline(this.silenceMs, async (signal) => {
      const { method, path } = ROUTES.showServer;
      return (await jsonOf(await this.send({ method, path, signal }))) as ServerInfo;
    }).catch((thrown) => {
      throw this.lost(thrown);
    });
    if (info.apiVersion === API_VERSION) return;
    throw new OptioError(
      'server-version',
      `the server speaks version ${info.apiVersion} of the API, and this client version ${API_VERSION}`,
      { remedy: 'Use the same version of optio-codex on both sides.' },
    );
  }
}
