import { sql, type Transaction } from 'kysely';
import type { Database } from './database.ts';
import { folded, trigramsOf } from './folded.ts';
import type { Schema } from './schema.ts';

/**
 * The index over the texts that can be found: which of them have which trigrams, and nothing else. It is SQLite's own; another
 * database has one of its kind, and gives the same candidates.
 */
export async function createTextIndex(db: Transaction<Schema>): Promise<void> {
  await sql`create virtual table search_index using fts5(
    body, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
  )`.execute(db);
}

export async function addToTextIndex(transaction: Transaction<Schema>, id: number, text: string): Promise<void> {
  await sql`insert into search_index (rowid, body) values (${id}, ${folded(text)})`.execute(transaction);
}

export async function removeFromTextIndex(transaction: Transaction<Schema>, id: number): Promise<void> {
  await sql`delete from search_index where rowid = ${id}`.execute(transaction);
}

export interface Candidate {
  readonly id: number;
  readonly runId: string;
}

export interface CandidateOptions {
  /** Those of this run alone. */
  readonly runId?: string;
  /** Those with a lower number. */
  readonly below: number;
  readonly limit: number;
}

/**
 * The newest texts that have the trigrams of what is looked for, and so may have that itself. Where it is too short to have one,
 * every text is a candidate.
 */
export async function candidates(
  { read }: Database,
  wanted: string,
  { runId, below, limit }: CandidateOptions,
): Promise<Candidate[]> {
  const trigrams = trigramsOf(wanted);
  const inRun = runId === undefined ? sql`` : sql`and search_texts.run_id = ${runId}`;
  const what = sql`search_texts.id as id, search_texts.run_id as "runId"`;
  if (trigrams.length === 0) {
    const all = sql<Candidate>`select ${what} from search_texts where search_texts.id < ${below} ${inRun} order by search_texts.id desc limit ${limit}`;
    return (await all.execute(read)).rows;
  }
  const pattern = trigrams.map((each) => `"${each.replaceAll('"', '""')}"`).join(' AND ');
  // The texts of a run lie close together.
  const oldest =
    runId === undefined
      ? sql``
      : sql`and search_index.rowid >= (select min(its.id) from search_texts as its where its.run_id = ${runId})`;
  const some = sql<Candidate>`select ${what} from search_index cross join search_texts on search_texts.id = search_index.rowid
    where search_index match ${pattern} and search_index.rowid < ${below} ${oldest} ${inRun}
    order by search_index.rowid desc limit ${limit}`;
  return (await some.execute(read)).rows;
}
