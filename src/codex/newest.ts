/** How much is kept in one place, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The newest values under their names, as many as fit into so many bytes: a peer may send them without end. */
export class Newest<V> {
  readonly #values = new Map<string, { readonly value: V; readonly bytes: number }>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get(name: string): V | undefined {
    return this.#values.get(name)?.value;
  }

  entries(): [name: string, value: V][] {
    return [...this.#values].map(([name, { value }]) => [name, value]);
  }

  values(): V[] {
    return [...this.#values.values()].map(({ value }) => value);
  }

  /** One of the same name is replaced; the oldest ones go when there is no room for it. */
  set(name: string, value: V, bytes: number): void {
    this.delete(name);
    this.#values.set(name, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#values.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === name) break;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    this.#bytes -= this.#values.get(name)?.bytes ?? 0;
    this.#values.delete(name);
  }
}
