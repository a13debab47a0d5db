import { setTimeout as delay } from 'node:timers/promises';

/** How long a message that Codex took in may take to show after a lost connection (190 ms were seen). */
const DEADLINE_MS = 3_000;
/** Messages whose turn is remembered, the newest. */
const MAX_REMEMBERED = 1_000;

interface Wait extends PromiseWithResolvers<void> {
  /** How many wait for it; when nobody does any more it is forgotten. */
  waiting: number;
}

/** In which turn each message of ours was seen: only its `userMessage` item makes a message Codex's. */
export class TakenMessages {
  readonly #turns = new Map<string, string>();
  readonly #awaited = new Map<string, Wait>();
  readonly #deadlineMs: number;

  constructor(deadlineMs: number = DEADLINE_MS) {
    this.#deadlineMs = deadlineMs;
  }

  add(messageId: string, turnId: string): void {
    this.#turns.set(messageId, turnId);
    if (this.#turns.size > MAX_REMEMBERED) this.#turns.delete(this.#turns.keys().next().value ?? '');
    this.#awaited.get(messageId)?.resolve();
    this.#awaited.delete(messageId);
  }

  /** The message is about to be sent (again): where another of the same name went is no news of this one. */
  forget(messageId: string): void {
    this.#turns.delete(messageId);
  }

  /** For how many messages somebody waits. */
  get awaited(): number {
    return this.#awaited.size;
  }

  turnOf(messageId: string): string | undefined {
    return this.#turns.get(messageId);
  }

  /**
   * The turn in which the message is, when it shows within the deadline. `over`: the deadline begins when this resolves,
   * since until then Codex may keep the message to itself.
   */
  async whenTaken(messageId: string, over?: Promise<void>): Promise<string | undefined> {
    if (!this.#turns.has(messageId)) {
      const seen = this.#await(messageId);
      await Promise.race([seen.promise, over ?? Promise.resolve()]);
      await Promise.race([seen.promise, delay(this.#deadlineMs, undefined, { ref: false })]);
      seen.waiting--;
      if (seen.waiting === 0 && this.#awaited.get(messageId) === seen) this.#awaited.delete(messageId);
    }
    return this.#turns.get(messageId);
  }

  #await(messageId: string): Wait {
    const seen = this.#awaited.get(messageId) ?? { ...Promise.withResolvers<void>(), waiting: 0 };
    this.#awaited.set(messageId, seen);
    seen.waiting++;
    return seen;
  }
}
