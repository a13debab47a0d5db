import { setTimeout as delay } from 'node:timers/promises';

/** How long a message that Codex took in may take to show after a lost connection (190 ms were seen). */
const DEADLINE_MS = 3_000;
/** Messages whose turn is remembered, the newest. */
const MAX_REMEMBERED = 1_000;

/** In which turn each message of ours was seen: only its `userMessage` item makes a message Codex's. */
export class TakenMessages {
  readonly #turns = new Map<string, string>();
  readonly #awaited = new Map<string, PromiseWithResolvers<void>>();
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

  turnOf(messageId: string): string | undefined {
    return this.#turns.get(messageId);
  }

  /**
   * The turn in which the message is, when it shows within the deadline. `over`: the deadline begins when this resolves,
   * since until then Codex may keep the message to itself.
   */
  async whenTaken(messageId: string, over?: Promise<void>): Promise<string | undefined> {
    if (!this.#turns.has(messageId)) {
      const seen = this.#awaited.get(messageId) ?? Promise.withResolvers<void>();
      this.#awaited.set(messageId, seen);
      await Promise.race([seen.promise, over ?? Promise.resolve()]);
      await Promise.race([seen.promise, delay(this.#deadlineMs, undefined, { ref: false })]);
    }
    return this.#turns.get(messageId);
  }
}
