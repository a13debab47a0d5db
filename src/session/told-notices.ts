/** How many texts are remembered, the newest, and how long one may be for that: a longer one is told each time. */
const MAX_TEXTS = 200;
const MAX_LENGTH = 4_096;

/**
 * What Codex has warned of in a run by now. It says much of that again to whoever takes up its thread, and some of it before
 * each turn, without news.
 */
export class ToldNotices {
  readonly #texts = new Set<string>();

  /** `before`: what the journal has of other processes. */
  constructor(before: readonly { readonly message: string }[] = []) {
    for (const { message } of before) this.isNews(message);
  }

  /** Whether it was not told yet; from now on it was. */
  isNews(text: string): boolean {
    if (this.#texts.has(text)) return false;
    if (text.length > MAX_LENGTH) return true;
    this.#texts.add(text);
    const [oldest] = this.#texts;
    if (this.#texts.size > MAX_TEXTS && oldest !== undefined) this.#texts.delete(oldest);
    return true;
  }
}
