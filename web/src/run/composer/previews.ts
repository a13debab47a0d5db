/** Addresses of pictures for as long as they are shown; what has one is kept in memory by the browser. */
export class Previews {
  readonly #urls = new Map<string, string>();

  make(key: string, picture: Blob): string {
    const url = URL.createObjectURL(picture);
    this.#urls.set(key, url);
    return url;
  }

  drop(key: string): void {
    const url = this.#urls.get(key);
    if (url !== undefined) URL.revokeObjectURL(url);
    this.#urls.delete(key);
  }

  dropAll(): void {
    for (const key of [...this.#urls.keys()]) this.drop(key);
  }
}
