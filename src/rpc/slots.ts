import type { OptioError } from '../errors.ts';

/** Makes the error for somebody who got no place: the reason given, or none when it took too long. */
type TurnAway = (reason: OptioError | undefined) => OptioError;

interface Waiting {
  readonly go: () => void;
  readonly stop: (reason: OptioError) => void;
}

/** A fixed number of places; who finds none free waits in line, first come, first served. */
export class Slots {
  #free: number;
  readonly #line: Waiting[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a place and gives the function that hands it on, once. Rejects after so many milliseconds in line. */
  async take(deadlineMs: number, turnAway: TurnAway): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else await this.#waitInLine(deadlineMs, turnAway);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const next = this.#line.shift();
      if (next) next.go();
      else this.#free++;
    };
  }

  /** Sends everybody away who waits. */
  rejectAll(reason: OptioError): void {
    for (const waiting of this.#line.splice(0)) waiting.stop(reason);
  }

  #waitInLine(deadlineMs: number, turnAway: TurnAway): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        reject(turnAway(undefined));
      }, deadlineMs);
      const waiting: Waiting = {
        go() {
          clearTimeout(timer);
          resolve();
        },
        stop(reason) {
          clearTimeout(timer);
          reject(turnAway(reason));
        },
      };
      this.#line.push(waiting);
    });
  }
}
