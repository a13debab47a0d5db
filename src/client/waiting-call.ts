import { calledOff, uncertain } from './lost.ts';
import { Setback } from './setback.ts';

/** A call whose attempts have come to nothing so far, and which is tried again. It is the same object each time it is told. */
export interface WaitingCall {
  readonly method: string;
  /** From the address of the server on, with its query. */
  readonly path: string;
  /** Settles once it is not tried any more: it has come to something, or was called off. It never rejects. */
  readonly over: Promise<void>;
  /**
   * Gives it up. Whoever waits for it gets `aborted`: it was never sent; or `server-unreachable`, where an attempt may have
   * arrived whose answer was lost.
   */
  readonly callOff: () => void;
}

/** A call while it is tried, which somebody may call off. */
export class CallableOff implements WaitingCall {
  readonly method: string;
  readonly path: string;
  readonly over: Promise<void>;
  readonly #over = Promise.withResolvers<void>();
  readonly #calledOff = new AbortController();
  readonly #gone = Promise.withResolvers<never>();

  constructor({ method, path }: Pick<WaitingCall, 'method' | 'path'>) {
    this.method = method;
    this.path = path;
    this.over = this.#over.promise;
    this.#gone.promise.catch(() => {}); // mostly nobody waits for it
  }

  readonly callOff = (): void => {
    this.#calledOff.abort();
    this.#gone.reject(new Setback(calledOff(), { perhapsDone: false }));
  };

  /** Aborted once it is called off. */
  get signal(): AbortSignal {
    return this.#calledOff.signal;
  }

  /** What the promise gives, unless it is called off before. Throws a `Setback` then. */
  orCalledOff<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#gone.promise]);
  }

  /** `doubt`: why an attempt may have arrived; undefined where none has. */
  throwIfCalledOff(doubt: Setback | undefined): void {
    if (this.signal.aborted) throw doubt ? uncertain(doubt) : calledOff();
  }

  end(): void {
    this.#over.resolve();
  }
}
