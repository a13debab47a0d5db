import type { FoundText } from '../contract/search.ts';
import type { RunEntry, RunFilter } from './run-record.ts';

export interface TextQuery {
  /** What is looked for, as it stands, in upper or lower case. */
  readonly text: string;
  /** In which runs. */
  readonly filter: RunFilter;
  readonly limit: number;
  /** Where the page before has ended. */
  readonly cursor?: string | undefined;
}

/** A run in which something was found; see `FoundRun`. */
export interface FoundEntry {
  readonly entry: RunEntry;
  readonly texts: FoundText[];
  readonly more: number;
}

/** See `FoundPage`. */
export interface FoundEntryPage {
  readonly found: readonly FoundEntry[];
  readonly next: string | null;
  readonly isBehind: boolean;
}

export interface Search {
  /**
   * The runs in which something was said or done, the one where that was last first. What was written before is found, unless
   * so much of it waits to be read that it is `isBehind`. Throws `invalid-input` for a cursor that is none.
   */
  find(query: TextQuery): Promise<FoundEntryPage>;
}
