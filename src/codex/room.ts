/** How much may wait in one place, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Counts the bytes of what waits in one place, so that a peer or a caller who never stops cannot fill our memory. */
export class Room {
  readonly maxBytes: number;
  #taken = 0;

  constructor(maxBytes: number = MAX_BYTES) {
    this.maxBytes = maxBytes;
  }

  /** Takes so many bytes; false, and nothing is taken, when there is no room for them. */
  take(bytes: number): boolean {
    if (this.#taken + bytes > this.maxBytes) return false;
    this.#taken += bytes;
    return true;
  }

  /** Gives back what was taken. */
  give(bytes: number): void {
    this.#taken -= bytes;
  }
}
