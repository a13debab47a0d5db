import { OptioError } from '../errors.ts';
import { uncertain } from './lost.ts';
import type { Patience } from './patience.ts';
import { Setback } from './setback.ts';
import { CallableOff } from './waiting-call.ts';

/** An attempt that has lasted so long was not in vain at once, in milliseconds: what comes after it has all the time again. */
const LONG_MS = 30_000;

export interface Attempt<T> {
  /** The signal is aborted when it is called off. */
  once(signal: AbortSignal): Promise<T>;
  /** What is called, for whoever is told that it waits. */
  readonly method: string;
  readonly path: string;
  /** Whether it is harmless to do it twice. */
  readonly mayRepeat: boolean;
  /** For how long it is tried in vain, in milliseconds, when that is not what the client was told. */
  readonly patienceMs?: number | undefined;
  /** Also with a server of another version (false). */
  readonly anyVersion?: boolean | undefined;
  /** Whether this error says that an attempt before, whose answer was lost, has done it. */
  readonly wasDone?: ((error: OptioError) => boolean | Promise<boolean>) | undefined;
}

/** What an attempt needs of a connection. */
interface Way {
  patience(options: { readonly patienceMs?: number | undefined; readonly call: CallableOff }): Patience;
  understand(): Promise<void>;
  readonly age: number;
  renew(setback: Setback, age: number): Promise<void>;
}

/**
 * Tries something until it has come to something, as often as that may be, or until it is called off by whoever was told that it
 * waits. Throws the error of the last attempt, or what `WaitingCall.callOff` says.
 */
export async function repeat<T>(way: Way, attempt: Attempt<T>): Promise<T> {
  const call = new CallableOff(attempt);
  try {
    return await attemptAgain(way, attempt, call);
  } finally {
    call.end();
  }
}

async function attemptAgain<T>(way: Way, attempt: Attempt<T>, call: CallableOff): Promise<T> {
  const { patienceMs, mayRepeat, anyVersion = false, wasDone } = attempt;
  const patience = way.patience({ patienceMs, call });
  /** Why nobody knows whether an attempt before has done it; undefined while none may have. */
  let doubt: Setback | undefined;
  for (;;) {
    const { age } = way;
    let begunAt = Number.POSITIVE_INFINITY;
    try {
      if (!anyVersion) {
        await call.orCalledOff(way.understand());
        begunAt = performance.now();
      }
      return await attempt.once(call.signal);
    } catch (thrown) {
      if (!(thrown instanceof Setback)) {
        if (doubt && thrown instanceof OptioError && (await wasDone?.(thrown))) return undefined as T;
        throw thrown;
      }
      if (thrown.perhapsDone && !mayRepeat) throw uncertain(thrown);
      if (thrown.perhapsDone) doubt = thrown;
      call.throwIfCalledOff(doubt);
      if (performance.now() - begunAt > LONG_MS) patience.restart();
      await patience.wait(thrown);
      call.throwIfCalledOff(doubt);
      await way.renew(thrown, age);
    }
  }
}
