import { Buffer } from 'node:buffer';
import { OptioError } from '../errors.ts';
import type { Database } from './database.ts';
import { folded, keepable } from './folded.ts';
import { selectEntries, toEntry } from './run-entry.ts';
import type { RunEntry, RunFilter } from './run-record.ts';
import { SearchLook } from './search-look.ts';
import type { SearchReader } from './search-reader.ts';
import type { FoundEntry, FoundEntryPage, Search, TextQuery } from './search-record.ts';
import { type Candidate, candidates } from './text-index.ts';

/** How long a search waits for what was written last to be read, in milliseconds. */
const WAIT_MS = 250;
/** How many candidates are asked for at once. */
const BATCH = 50;

export class SqlSearch implements Search {
  readonly #db: Database;
  readonly #reader: SearchReader;

  constructor(db: Database, reader: SearchReader) {
    this.#db = db;
    this.#reader = reader;
  }

  async find({ text, filter, limit, cursor }: TextQuery): Promise<FoundEntryPage> {
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(cursor);
    await this.#reader.catchUp(WAIT_MS);
    const isBehind = !this.#reader.isUpToDate;
    const wanted = folded(keepable(text));
    const look = new SearchLook(this.#db, wanted);
    const found: FoundEntry[] = [];
    /** The runs with which one is done: they were told, or are none of those that are meant. */
    const done = new Set<string>();
    for (let at = before, lastTold = before; ; ) {
      const batch = await candidates(this.#db, wanted, { below: at, limit: BATCH });
      const open = batch.filter(({ runId }) => !done.has(runId));
      const meant = await this.#meant(filter, open);
      const holding = await look.holding(open.filter(({ runId }) => meant.has(runId)).map(({ id }) => id));
      for (const { id, runId } of batch) {
        if (look.isOver && at < before) return { found, next: writeCursor(at), isBehind };
        at = id;
        if (done.has(runId)) continue;
        const entry = meant.get(runId);
        if (entry && !holding.has(id)) continue;
        done.add(runId);
        if (!entry) continue;
        const { newest, texts, more } = await look.inRun(runId);
        if (newest >= before) continue; // an earlier page has told of it
        if (found.length === limit) return { found, next: writeCursor(lastTold), isBehind };
        found.push({ entry, texts, more });
        lastTold = id;
      }
      if (batch.length < BATCH) return { found, next: null, isBehind };
    }
  }

  /** Those of their runs that are meant. */
  async #meant(filter: RunFilter, of: readonly Candidate[]): Promise<Map<string, RunEntry>> {
    const ids = [...new Set(of.map(({ runId }) => runId))];
    if (ids.length === 0) return new Map();
    const rows = await selectEntries(this.#db, { ...filter, ids }).execute();
    return new Map(rows.map((row) => [row.id, toEntry(row)]));
  }
}

function writeCursor(id: number): string {
  return Buffer.from(`text ${id}`).toString('base64url');
}

function readCursor(cursor: string): number {
  const [, id] = /^text (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (id !== undefined) return Number(id);
  throw new OptioError(
    'invalid-input',
    `cursor: ${JSON.stringify(cursor.slice(0, 50))} is not one that a search gave`,
    {
      field: 'cursor',
      remedy: 'Give the `next` of the page before, with the same text and filter, or none to begin anew.',
    },
  );
}
