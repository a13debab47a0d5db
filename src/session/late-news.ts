import { sizeOf } from '../contract/event-size.ts';

/** How much is told in one go, roughly in characters, before it is written down: a journal takes so much at once. */
const PIECE = 4 * 1024 * 1024;
/** How much may wait behind it, roughly in characters. */
const MAX_BEHIND = 32 * 1024 * 1024;

export interface LateNewsOptions<News> {
  readonly tell: (news: News) => void;
  /** Resolves when what was told is written down. */
  readonly written: () => Promise<void>;
  /** Told of what telling later has thrown. */
  readonly onFault: (thrown: unknown) => void;
}

/**
 * Tells news in their order, and many of them in pieces: what was missed while nobody watched may be more than a journal
 * takes in one go. What comes meanwhile waits behind it.
 */
export class LateNews<News> {
  readonly #options: LateNewsOptions<News>;
  #waiting: News[] = [];
  /** How much has come while something was being told. */
  #behind = 0;
  #telling: Promise<void> | undefined;

  constructor(options: LateNewsOptions<News>) {
    this.#options = options;
  }

  /** Tells them: at once and throwing what that throws, unless they are many, or others are to be told before. */
  add(news: readonly News[]): void {
    const isTelling = this.#telling !== undefined;
    if (!isTelling && (news.length === 1 || sizeOf(news) <= PIECE)) {
      for (const each of news) this.#options.tell(each);
      return;
    }
    for (const each of news) this.#waiting.push(each);
    if (isTelling) this.#behind += sizeOf(news);
    // Whoever writes it down has to see how much there is.
    if (this.#behind > MAX_BEHIND) for (const each of this.#waiting.splice(0)) this.#options.tell(each);
    this.#telling ??= this.#tellAll();
  }

  /** Resolves when nothing is left to be told. */
  async settled(): Promise<void> {
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    const { tell, written, onFault } = this.#options;
    try {
      while (this.#waiting.length > 0) {
        for (const each of this.#takePiece()) tell(each);
        await written();
      }
    } catch (thrown) {
      this.#waiting = [];
      onFault(thrown);
    } finally {
      this.#telling = undefined;
      this.#behind = 0;
    }
  }

  #takePiece(): News[] {
    let size = 0;
    const end = this.#waiting.findIndex((each) => {
      size += sizeOf(each);
      return size > PIECE;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : Math.max(1, end));
  }
}
