/** Whether a run may go on: open, or closed while it is paused. */
export class PauseGate {
  #isClosed: boolean;
  /** Resolved and made anew with each change. */
  #changed = Promise.withResolvers<void>();

  constructor(isClosed: boolean) {
    this.#isClosed = isClosed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#set(true);
  }

  open(): void {
    this.#set(false);
  }

  async whenClosed(): Promise<void> {
    while (!this.#isClosed) await this.#changed.promise;
  }

  async whenOpen(): Promise<void> {
    while (this.#isClosed) await this.#changed.promise;
  }

  #set(isClosed: boolean): void {
    if (this.#isClosed === isClosed) return;
    this.#isClosed = isClosed;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
