import type { RunOutcome } from '../contract/outcome.ts';
import type { LiveRun } from './live-run.ts';

/** A run that has not ended, as this process sees it: it waits, or somebody here works on it. */
export class Launched {
  readonly #ended = Promise.withResolvers<RunOutcome>();
  #changed = Promise.withResolvers<void>();
  #live: LiveRun | undefined;
  /** Settles when nobody here works on it any more; undefined while it waits. */
  working: Promise<void> | undefined;

  /** There while this process works on it. */
  get live(): LiveRun | undefined {
    return this.#live;
  }

  set live(live: LiveRun | undefined) {
    this.#live = live;
    this.tell();
  }

  get outcome(): Promise<RunOutcome> {
    return this.#ended.promise;
  }

  end(outcome: RunOutcome): void {
    this.#ended.resolve(outcome);
    this.tell();
  }

  /** Resolves when somebody begins to work on it, leaves it, or it has ended. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
