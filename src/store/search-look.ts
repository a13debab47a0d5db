import { setImmediate as breathe } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import type { FoundKind, FoundText } from '../contract/search.ts';
import type { Database } from './database.ts';
import { folded } from './folded.ts';
import type { SearchTextTable } from './schema.ts';
import { snippetOf } from './snippet.ts';
import { candidates } from './text-index.ts';

/** How long one search looks, in milliseconds, and after how long it lets others have their turn. */
const LOOK_MS = 750;
const BREATH_MS = 5;
/** How many texts of a run are told, and how many more are counted. */
const TOLD = 3;
const COUNTED = 100;
const BATCH = 50;

/** Looks into texts for what may be in them. */
export class SearchLook {
  readonly #db: Database;
  /** Folded. */
  readonly #wanted: string;
  readonly #until = performance.now() + LOOK_MS;
  #breathAt = performance.now() + BREATH_MS;

  constructor(db: Database, wanted: string) {
    this.#db = db;
    this.#wanted = wanted;
  }

  get isOver(): boolean {
    return performance.now() > this.#until;
  }

  /** Those of these texts in which it is written. */
  async holding(ids: readonly number[]): Promise<ReadonlySet<number>> {
    return new Set((await this.#lookInto(ids)).map(({ id }) => id));
  }

  /** The newest texts of a run in which it is written, and how many more there are; `newest`: the number of the first one. */
  async inRun(runId: string): Promise<{ readonly newest: number; readonly texts: FoundText[]; readonly more: number }> {
    const found: { readonly id: number; readonly text: FoundText }[] = [];
    for (let below = Number.MAX_SAFE_INTEGER; found.length < TOLD + COUNTED; ) {
      const batch = await candidates(this.#db, this.#wanted, { runId, below, limit: BATCH });
      found.push(...(await this.#lookInto(batch.map(({ id }) => id))));
      below = batch.at(-1)?.id ?? 0;
      // However little time is left, there is one text to tell.
      if (batch.length < BATCH || (this.isOver && found.length > 0)) break;
    }
    const texts = found.slice(0, TOLD).map(({ text }) => text);
    return { newest: found[0]?.id ?? 0, texts, more: Math.min(COUNTED, found.length - texts.length) };
  }

  async #lookInto(ids: readonly number[]): Promise<{ readonly id: number; readonly text: FoundText }[]> {
    if (performance.now() > this.#breathAt) {
      await breathe();
      this.#breathAt = performance.now() + BREATH_MS;
    }
    if (ids.length === 0) return [];
    const rows = await this.#db.read
      .selectFrom('search_texts')
      .selectAll()
      .where('id', 'in', ids)
      .orderBy('id', 'desc')
      .execute();
    return rows.flatMap((row) => {
      const at = folded(row.body).indexOf(this.#wanted);
      return at < 0 ? [] : [{ id: row.id, text: toFoundText(row, at, this.#wanted.length) }];
    });
  }
}

function toFoundText(row: Selectable<SearchTextTable>, at: number, length: number): FoundText {
  return {
    kind: row.kind as FoundKind,
    seq: row.seq,
    at: row.at,
    turnId: row.turn_id,
    itemId: row.item_id,
    requestId: row.request_id,
    messageId: row.message_id,
    ...snippetOf(row.body, at, length),
  };
}
