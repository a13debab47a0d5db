/** What of a run is different: anything that the store has of it as well, or what it has come to in this process only. */
export type ChangedPart = 'run' | 'digest';

/** Whoever wants to know which runs have changed. */
export interface FeedReader {
  changed(runId: string, part: ChangedPart): void;
  /** Nothing more will change here. */
  stop(): void;
}

/** Tells which runs have changed, to any number of readers. What has changed they look up themselves, when they come to it. */
export class RunFeed {
  readonly #readers = new Set<FeedReader>();
  #isClosed = false;

  /** How many there are. */
  get size(): number {
    return this.#readers.size;
  }

  /** Reads until the result is called. */
  read(reader: FeedReader): () => void {
    if (this.#isClosed) reader.stop();
    else this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  tell(runId: string, part: ChangedPart): void {
    for (const reader of this.#readers) reader.changed(runId, part);
  }

  close(): void {
    this.#isClosed = true;
    for (const reader of this.#readers) reader.stop();
  }
}
