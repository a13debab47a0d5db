import type { Turn, TurnResult } from '../codex/turn.ts';
import type { EndedTurn } from './outcome.ts';

/** The turns with messages of ours: how many have ended, and what the last of them has answered. */
export class TurnCount {
  readonly #running = new Set<Turn>();
  #ended: number;
  #last: Pick<TurnResult, 'text'> & { readonly id?: string } = { text: '' };

  /** `ended`: how many did before this process, or this codex, came. */
  constructor(ended: number) {
    this.#ended = ended;
  }

  get ended(): number {
    return this.#ended;
  }

  get text(): string {
    return this.#last.text;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** One that has ended before. */
  takeUp(turn: EndedTurn): void {
    this.#last = turn;
  }

  /** `onEnded` is told when it has ended, once for all messages that are in it. */
  follow(turn: Turn, onEnded: (result: TurnResult) => void): void {
    this.#running.add(turn);
    const count = (result: TurnResult) => {
      this.#running.delete(turn);
      if (this.#last.id === result.id) return; // a message that was steered into a turn shares its end
      this.#last = result;
      this.#ended++;
      onEnded(result);
    };
    turn.completed.then(count, () => {}); // the end of the conversation ends the run by itself
  }
}
