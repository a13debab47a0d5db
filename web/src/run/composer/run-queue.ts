import { keep, readKept } from '../../design/kept.ts';
import { Store } from '../../live/store.ts';
import { isQueue, type Queue } from './queue.ts';

/** The queue of a run, kept in this browser and the same in all of its tabs. */
export class RunQueue {
  readonly messages: Store<Queue>;
  readonly #key: string;

  constructor(runId: string) {
    this.#key = `optio-codex.queue.${runId}`;
    this.messages = new Store(this.#read());
  }

  /** Tells whether it is kept: a browser may have no room, or be told to keep nothing. */
  change(act: (queue: Queue) => Queue): boolean {
    const next = act(this.messages.value);
    if (next === this.messages.value) return true;
    this.messages.set(next);
    if (next.length > 0) return keep(this.#key, next);
    localStorage.removeItem(this.#key);
    return true;
  }

  /** Follows what other tabs do with it. The returned function ends that. */
  readonly follow = (): (() => void) => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === this.#key || event.key === null) this.messages.set(this.#read());
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  };

  #read(): Queue {
    return readKept<Queue>(this.#key, [], isQueue);
  }
}
