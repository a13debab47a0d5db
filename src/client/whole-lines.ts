const LINE_FEED = 10;

/**
 * Puts the bytes of a stream together until lines are whole, and makes text of them only then. To make text of each chunk and
 * put that together costs a page that reads a long journal a third more of its time.
 */
export class WholeLines {
  readonly #decoder = new TextDecoder();
  #begun: Uint8Array[] = [];

  /** How many bytes wait for the end of their line. */
  get waiting(): number {
    return this.#begun.reduce((sum, { length }) => sum + length, 0);
  }

  /** The lines that are whole with this chunk, as text with their ends; empty when none is. */
  take(chunk: Uint8Array): string {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    const rest = end === 0 ? chunk : chunk.subarray(end);
    const whole = end === 0 ? [] : [...this.#begun, chunk.subarray(0, end)];
    if (end > 0) this.#begun = [];
    if (rest.length > 0) this.#begun.push(rest);
    return whole.length === 0 ? '' : this.#decoder.decode(concatenated(whole));
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const [first, ...more] = parts;
  if (first && more.length === 0) return first;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
