import { type DiffSize, sizeOfDiff } from './diff-size.ts';

/** How many files are told apart; of those beyond that it is not noticed that a turn has changed them again. */
const MAX_FILES = 10_000;

interface CountedDiff {
  readonly diff: string;
  size?: DiffSize;
}

/** What the turns of a run have changed: of each turn its newest diff, which is counted when somebody looks. */
export class TurnDiffs {
  /** Of turns that have not ended. */
  #open = new Map<string, CountedDiff>();
  /** What those have changed that have ended. */
  #files = new Set<string>();
  #added = 0;
  #removed = 0;

  /** The same, which goes on by itself. */
  copy(): TurnDiffs {
    const copy = new TurnDiffs();
    copy.#open = new Map(this.#open);
    copy.#files = new Set(this.#files);
    copy.#added = this.#added;
    copy.#removed = this.#removed;
    return copy;
  }

  put(turnId: string, diff: string): void {
    this.#open.set(turnId, { diff });
  }

  /** No other diff of it comes. */
  end(turnId: string): void {
    const counted = this.#open.get(turnId);
    if (!counted) return;
    const { files, added, removed } = sizeOf(counted);
    for (const file of files) if (this.#files.size < MAX_FILES) this.#files.add(file);
    this.#added += added;
    this.#removed += removed;
    this.#open.delete(turnId);
  }

  endAll(): void {
    for (const turnId of [...this.#open.keys()]) this.end(turnId);
  }

  get size(): { files: number; added: number; removed: number } {
    const sizes = [...this.#open.values()].map(sizeOf);
    const files = sizes.length === 0 ? this.#files : new Set([...this.#files, ...sizes.flatMap((size) => size.files)]);
    return {
      files: files.size,
      added: sizes.reduce((sum, { added }) => sum + added, this.#added),
      removed: sizes.reduce((sum, { removed }) => sum + removed, this.#removed),
    };
  }
}

function sizeOf(counted: CountedDiff): DiffSize {
  counted.size ??= sizeOfDiff(counted.diff);
  return counted.size;
}
