import type { RunUpdate } from '../contract/run-update.ts';
import { Bell } from './bell.ts';

type Updates = AsyncIterator<RunUpdate, undefined>;

/**
 * A list of runs and what changes in it, with the journal of one run between the changes. The snapshot comes first. `journal`
 * ends with the run, or with the signal.
 */
export function withJournal(updates: Updates, journal: (signal: AbortSignal) => Updates): Updates {
  const left = new AbortController();
  const told = tell(updates, journal(left.signal), left.signal);
  return {
    next: () => told.next(),
    return: async () => {
      left.abort();
      await updates.return?.();
      return told.return(undefined);
    },
  };
}

async function* tell(updates: Updates, journal: Updates, left: AbortSignal): AsyncGenerator<RunUpdate, undefined> {
  const snapshot = await updates.next();
  if (snapshot.done) return;
  yield snapshot.value;
  const bell = new Bell();
  // Once for all, and not each time that it is waited for: there is one wait for each event.
  left.addEventListener('abort', () => bell.ring(), { once: true });
  const [list, run] = [new Slot(updates, bell), new Slot(journal, bell)];
  try {
    while (!left.aborted && !list.isOver) {
      const { rung } = bell;
      const taken = [list.take(), run.take()].filter((update) => update !== undefined);
      yield* taken;
      if (taken.length === 0 && !list.isOver) await bell.after(rung);
    }
  } finally {
    await Promise.all([updates.return?.(), journal.return?.()]);
  }
}

/** Holds the next thing of a source until it is taken, and asks for no more before that. */
class Slot {
  readonly #source: Updates;
  readonly #bell: Bell;
  #isAsked = false;
  #next: IteratorResult<RunUpdate, undefined> | undefined;
  #failure: { readonly thrown: unknown } | undefined;
  /** There is nothing more to come. */
  isOver = false;

  constructor(source: Updates, bell: Bell) {
    this.#source = source;
    this.#bell = bell;
  }

  /** Undefined when there is nothing yet: the bell rings once there is. Throws what the source has thrown. */
  take(): RunUpdate | undefined {
    if (this.#failure) throw this.#failure.thrown;
    const next = this.#next;
    this.#next = undefined;
    if (next) this.#isAsked = false;
    if (next?.done) this.isOver = true;
    if (!this.#isAsked && !this.isOver) void this.#ask();
    return next?.done ? undefined : next?.value;
  }

  async #ask(): Promise<void> {
    this.#isAsked = true;
    try {
      this.#next = await this.#source.next();
    } catch (thrown) {
      this.#failure = { thrown };
    }
    this.#bell.ring();
  }
}
