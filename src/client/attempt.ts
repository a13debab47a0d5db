import { OptioError } from '../errors.ts';
import { uncertain } from './lost.ts';
import type { Patience } from './patience.ts';
import { Setback } from './setback.ts';

/** An attempt that has lasted so long was not in vain at once, in milliseconds: what comes after it has all the time again. */
const LONG_MS = 30_000;

export interface Attempt<T> {
  once(): Promise<T>;
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
  patience(options: { readonly patienceMs?: number | undefined }): Patience;
  understand(): Promise<void>;
  readonly age: number;
  renew(setback: Setback, age: number): Promise<void>;
}

/** Tries something until it has come to something, as often as that may be. Throws the error of the last attempt. */
export async function repeat<T>(way: Way, attempt: Attempt<T>): Promise<T> {
  const { mayRepeat, anyVersion = false, wasDone } = attempt;
  const patience = way.patience(attempt);
  let perhapsDone = false;
  for (;;) {
    const { age } = way;
    let begunAt = Number.POSITIVE_INFINITY;
    try {
      if (!anyVersion) {
        await way.understand();
        begunAt = performance.now();
      }
      return await attempt.once();
    } catch (thrown) {
      if (!(thrown instanceof Setback)) {
        if (perhapsDone && thrown instanceof OptioError && (await wasDone?.(thrown))) return undefined as T;
        throw thrown;
      }
      if (thrown.perhapsDone && !mayRepeat) throw uncertain(thrown);
      perhapsDone ||= thrown.perhapsDone;
      if (performance.now() - begunAt > LONG_MS) patience.restart();
      await patience.wait(thrown);
      await way.renew(thrown, age);
    }
  }
}
