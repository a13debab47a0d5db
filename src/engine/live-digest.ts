import {
  applyToDigest,
  copyDigest,
  createDigest,
  type DigestSoFar,
  runningTurn,
  toDigest,
  usedBy,
} from '../contract/digest.ts';
import type { RunEvent } from '../contract/event.ts';
import type { RunDigest } from '../contract/run-summary.ts';
import type { Counters } from './counters.ts';

export interface LiveDigestOptions {
  /** Nothing has happened in the run by now; otherwise it is known from its history on. */
  readonly isNew: boolean;
  readonly counters: Counters;
  readonly onChange?: () => void;
}

/** What a run that is worked on has come to, from one written event to the next. */
export class LiveDigest {
  readonly #options: LiveDigestOptions;
  #digest: DigestSoFar | undefined;
  /** What came before the history was known. */
  #early: RunEvent[] = [];
  /** Made when somebody looks. */
  #shown: RunDigest | undefined;

  constructor(options: LiveDigestOptions) {
    this.#options = options;
    if (options.isNew) this.#digest = createDigest();
  }

  /** Undefined while its history is not known. */
  get current(): RunDigest | undefined {
    this.#shown ??= this.#digest && toDigest(this.#digest);
    return this.#shown;
  }

  /** The turn that runs, or null; undefined while its history is not known. */
  get turnId(): string | null | undefined {
    return this.#digest && runningTurn(this.#digest);
  }

  /** Goes on from what its journal says. */
  goOn(from: DigestSoFar): void {
    this.#digest = from;
    const early = this.#early;
    this.#early = [];
    this.take(early);
  }

  /** What it will have come to when these are written; undefined while that is not known. */
  after(events: readonly RunEvent[]): RunDigest | undefined {
    return this.#digest && toDigest(events.reduce(applyToDigest, copyDigest(this.#digest)));
  }

  /** Takes what was written. */
  take(events: readonly RunEvent[]): void {
    const digest = this.#digest;
    if (!digest) {
      this.#early.push(...events);
      return;
    }
    for (const event of events) {
      if (event.seq <= digest.seq) continue; // its history has it
      this.#count(digest, event);
      applyToDigest(digest, event);
    }
    this.#shown = undefined;
    this.#options.onChange?.();
  }

  #count(digest: DigestSoFar, event: RunEvent): void {
    const { counters } = this.#options;
    counters.events++;
    if (event.type === 'usage.updated') counters.use(usedBy(digest, event));
    if (event.type === 'turn.ended' && event.threadId === undefined) counters.turns++;
  }
}
