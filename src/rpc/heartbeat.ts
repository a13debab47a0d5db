/** A peer from which nothing comes, although it was asked for a sign of life. */
export interface Silence {
  /** `tooLong`: it is to be waited for no longer. `ended`: it answers again, and took nothing amiss. */
  readonly kind: 'began' | 'ended' | 'tooLong';
  /** When something had come from it last. */
  readonly since: Date;
}

export interface HeartbeatOptions {
  /** How often the peer is asked, in milliseconds; it is silent when nothing has come until it would be asked again. */
  readonly everyMs: number;
  /** How long it may be silent, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * Asks a peer for signs of life. Whatever comes from it is one. A process that is stopped keeps its connections open
 * and takes what is written to them for a while, so that nothing else would show it.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #ping: () => Promise<void>;
  readonly #tell: (silence: Silence) => void;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** It was asked, and nothing has come since. */
  #isAsked = false;
  #isSilent = false;
  #heardAt = new Date();
  #lookedAt = 0;
  /** How long it is silent, by the time in which we could have heard it. */
  #silentMs = 0;

  /** `ping` resolves when the peer has answered. */
  constructor(options: HeartbeatOptions, ping: () => Promise<void>, tell: (silence: Silence) => void) {
    this.#options = options;
    this.#ping = ping;
    this.#tell = tell;
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  start(): void {
    this.#heardAt = new Date();
    this.#wait();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Something has come from the peer. */
  heard(): void {
    const since = this.#heardAt;
    this.#isAsked = false;
    this.#silentMs = 0;
    this.#heardAt = new Date();
    if (!this.#isSilent) return;
    this.#isSilent = false;
    this.#tell({ kind: 'ended', since });
  }

  #wait(): void {
    this.#lookedAt = performance.now();
    // What has arrived meanwhile is read first: it may be we who were stopped.
    this.#timer = setTimeout(() => setImmediate(() => this.#look()), this.#options.everyMs).unref();
  }

  #look(): void {
    if (this.#isStopped) return;
    const { everyMs, patienceMs } = this.#options;
    if (this.#isAsked) {
      this.#silentMs += Math.min(performance.now() - this.#lookedAt, 2 * everyMs);
      this.#onSilence(this.#silentMs >= patienceMs);
    } else this.#ask();
    if (!this.#isStopped) this.#wait();
  }

  #ask(): void {
    this.#isAsked = true;
    const heard = () => {
      if (!this.#isStopped) this.heard();
    };
    this.#ping().then(heard, () => {}); // a connection that is broken says so itself
  }

  #onSilence(isTooLong: boolean): void {
    const since = this.#heardAt;
    const isNew = !this.#isSilent;
    this.#isSilent = true;
    if (isNew) this.#tell({ kind: 'began', since });
    if (!isTooLong || this.#isStopped) return;
    this.stop();
    this.#tell({ kind: 'tooLong', since });
  }
}
