/** How much may wait for one subscriber that is slow, in bytes of the wire. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** Takes the place of what a slow subscriber missed. */
export interface Lagged {
  readonly type: 'x-optio-lagged';
  readonly dropped: number;
}

type Subscriber<E> = (event: E | Lagged) => unknown;

/**
 * Hands events to subscribers that do not know of one another. One that returns a promise gets the next event when
 * it has settled; what waits for it is bounded, and beyond the bound is dropped and replaced by one `x-optio-lagged`.
 */
export class Subscribers<E extends object> {
  readonly #queues = new Set<SubscriberQueue<E>>();

  /** Adds a subscriber; the result removes it. */
  add(subscriber: Subscriber<E>): () => void {
    const queue = new SubscriberQueue<E>(subscriber);
    this.#queues.add(queue);
    return () => {
      this.#queues.delete(queue);
      queue.clear();
    };
  }

  deliver(event: E, bytes: number): void {
    for (const queue of this.#queues) queue.push(event, bytes);
  }
}

interface Waiting<E> {
  readonly event: E | Lagged;
  readonly bytes: number;
  readonly isMarker: boolean;
}

class SubscriberQueue<E extends object> {
  readonly #subscriber: Subscriber<E>;
  #waiting: Waiting<E>[] = [];
  /** Where the line begins in `#waiting`; shifting an array for each event would be quadratic. */
  #head = 0;
  #waitingBytes = 0;
  #dropped = 0;
  #isBusy = false;
  #hasWarned = false;

  constructor(subscriber: Subscriber<E>) {
    this.#subscriber = subscriber;
  }

  push(event: E, bytes: number): void {
    if (!this.#isBusy) {
      this.#hand(event);
      return;
    }
    this.#waiting.push({ event, bytes, isMarker: false });
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#drop();
  }

  clear(): void {
    this.#waiting = [];
    this.#head = 0;
    this.#waitingBytes = 0;
  }

  #hand(event: E | Lagged): void {
    try {
      const result = this.#subscriber(event);
      if (!isPromise(result)) return;
      this.#isBusy = true;
      const goOn = () => this.#goOn();
      Promise.resolve(result).then(goOn, (error: unknown) => {
        this.#warn(error);
        goOn();
      });
    } catch (error) {
      this.#warn(error);
    }
  }

  /** A subscriber's fault is the subscriber's: it is told once, where Node tells warnings, and the others go on. */
  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(error instanceof Error ? error : String(error), 'OptioSubscriberWarning');
  }

  #goOn(): void {
    this.#isBusy = false;
    while (!this.#isBusy) {
      const next = this.#waiting[this.#head];
      if (!next) break;
      this.#head++;
      this.#waitingBytes -= next.bytes;
      if (next.isMarker) this.#dropped = 0; // the marker is told; the next gap gets its own
      this.#hand(next.event);
    }
    if (this.#head < this.#waiting.length / 2) return;
    this.#waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
  }

  #drop(): void {
    const marker = this.#dropped > 0 ? 1 : 0; // an earlier marker that was not handed on yet is no event
    this.#dropped += this.#waiting.length - this.#head - marker;
    this.clear();
    this.#waiting.push({ event: { type: 'x-optio-lagged', dropped: this.#dropped }, bytes: 0, isMarker: true });
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
