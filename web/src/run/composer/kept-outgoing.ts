import { keep, readKept } from '../../design/kept.ts';
import { Store } from '../../live/store.ts';
import { isOutgoing, type Outgoing } from './outgoing.ts';

/** What is on its way to a run, kept in this browser until the server has it, and the same in all of its tabs. */
export class KeptOutgoing {
  readonly messages: Store<Outgoing>;
  readonly #key: string;

  constructor(runId: string) {
    // Earlier pages have kept the whole queue there, and what they have left is given to the server.
    this.#key = `optio-codex.queue.${runId}`;
    this.messages = new Store(this.#read());
  }

  change(act: (outgoing: Outgoing) => Outgoing): void {
    const next = act(this.messages.value);
    if (next === this.messages.value) return;
    this.messages.set(next);
    if (next.length > 0) keep(this.#key, next);
    else localStorage.removeItem(this.#key);
  }

  /** Follows what other tabs do with it. The returned function ends that. */
  readonly follow = (): (() => void) => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === this.#key || event.key === null) this.messages.set(this.#read());
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  };

  #read(): Outgoing {
    return readKept<Outgoing>(this.#key, [], isOutgoing);
  }
}
