import { Room } from './room.ts';

/** What is told later, in its order; bounded in bytes. */
export class Backlog {
  #waiting: (() => void)[] = [];
  #room = new Room();

  /** Keeps this for later; false, and it is not kept, when there is no room for so many bytes. */
  add(tell: () => void, bytes: number): boolean {
    if (!this.#room.take(bytes)) return false;
    this.#waiting.push(tell);
    return true;
  }

  /** Tells everything; what comes meanwhile waits for the next time. */
  release(): void {
    const waiting = this.#waiting;
    this.clear();
    for (const tell of waiting) tell();
  }

  clear(): void {
    this.#waiting = [];
    this.#room = new Room();
  }
}
