import { setImmediate as breathe } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import type { RunEvent } from '../contract/event.ts';
import type { Database } from './database.ts';
import { fitting } from './fitting.ts';
import type { JournalTable, Schema } from './schema.ts';
import { type Told, toldBy } from './searched-texts.ts';
import { addToTextIndex, removeFromTextIndex } from './text-index.ts';

/** How much of a journal is read in one step: events, and bytes of them. SQLite works while everybody else waits. */
const MAX_EVENTS = 16;
const MAX_BYTES = 32 * 1024;
/** How far one step looks for them. */
const MAX_LOOKED_AT = 5_000;
/** How many texts are removed in one step. */
const MAX_REMOVED = 100;

/** Which events cannot tell anything that is found: by how they begin, since there are many of them. */
const PASSED_OVER = [
  'item.delta',
  'usage.updated',
  'diff.updated',
  'progress',
  'item.started',
  'journal.compacted',
].map((type) => `{"type":"${type}"`);

/** Takes the next step through a journal; true when that was the last. */
export function readOn(db: Database, runId: string): Promise<boolean> {
  return db.write(false, async (transaction) => {
    const run = await transaction.selectFrom('runs').select('last_seq').where('id', '=', runId).executeTakeFirst();
    if (!run) return true;
    const mark = await transaction
      .selectFrom('search_marks')
      .select('seq')
      .where('run_id', '=', runId)
      .executeTakeFirst();
    const after = mark?.seq ?? 0;
    if (after >= run.last_seq) return true;
    const { rows, to } = await nextEvents(transaction, runId, after);
    await put(transaction, runId, newestOf(rows));
    const last = Math.min(to, run.last_seq);
    await transaction
      .insertInto('search_marks')
      .values({ run_id: runId, seq: last })
      .onConflict((conflict) => conflict.column('run_id').doUpdateSet({ seq: last }))
      .execute();
    return last >= run.last_seq;
  });
}

/** Those that may tell something, as many as go into one step, and how far that is. */
async function nextEvents(transaction: Transaction<Schema>, runId: string, after: number) {
  const left = transaction.selectFrom('journal').where('run_id', '=', runId).where('seq', '>', after);
  const first = await left.select('seq').orderBy('seq').limit(1).executeTakeFirst(); // before it some were compacted
  if (!first) return { rows: [], to: Number.POSITIVE_INFINITY };
  const to = first.seq + MAX_LOOKED_AT;
  let query = left.where('seq', '<=', to);
  for (const beginning of PASSED_OVER) {
    query = query.where(sql<string>`substr(body, 1, ${sql.lit(beginning.length)})`, '<>', beginning);
  }
  const size = sql<number>`octet_length(body)`.as('size');
  const sizes = await query.select(['seq', size]).orderBy('seq').limit(MAX_EVENTS).execute();
  const last =
    sizes[
      fitting(
        sizes.map((row) => row.size),
        MAX_BYTES,
      ) - 1
    ];
  if (!last) return { rows: [], to };
  const rows = await query.select(['seq', 'at', 'body']).where('seq', '<=', last.seq).orderBy('seq').execute();
  return { rows, to: last === sizes.at(-1) && sizes.length < MAX_EVENTS ? to : last.seq };
}

/** What no program of ours has written is passed over: nothing else of the run hangs on it. */
function toldIn(seq: number, at: string, body: string): Told | undefined {
  try {
    return toldBy({ seq, at, ...JSON.parse(body) } as RunEvent);
  } catch {
    return undefined;
  }
}

/** What is told, and where. */
type Placed = Told & Pick<JournalTable, 'seq' | 'at'>;

/** What these events tell, by its key: of what is told several times what is told last. */
function newestOf(rows: readonly Omit<JournalTable, 'run_id'>[]): Map<string, Placed> {
  const told = new Map<string, Placed>();
  for (const { seq, at, body } of rows) {
    const its = toldIn(seq, at, body);
    if (!its) continue;
    const before = told.get(its.key);
    for (const key of [its.key, its.replaces]) if (key !== undefined) told.delete(key); // it takes its place at the end
    told.set(its.key, { ...its, at, seq: its.staysWhereItWas && before ? before.seq : seq });
  }
  return told;
}

async function put(transaction: Transaction<Schema>, runId: string, all: ReadonlyMap<string, Placed>): Promise<void> {
  if (all.size === 0) return;
  const keys = [...all.values()].flatMap(({ key, replaces }) => (replaces === undefined ? [key] : [key, replaces]));
  const before = await transaction
    .selectFrom('search_texts')
    .select(['id', 'key', 'seq'])
    .where('run_id', '=', runId)
    .where('key', 'in', keys)
    .execute();
  await removeThese(transaction, before);
  const seqs = new Map(before.map(({ key, seq }) => [key, seq]));
  for (const { key, staysWhereItWas, texts, turnId, itemId, requestId, messageId, seq, at } of all.values()) {
    const ids = { turn_id: turnId, item_id: itemId, request_id: requestId, message_id: messageId };
    const where = { at, seq: (staysWhereItWas ? seqs.get(key) : undefined) ?? seq };
    for (const { kind, text } of texts) {
      const { id } = await transaction
        .insertInto('search_texts')
        .values({ run_id: runId, key, kind, ...where, ...ids, body: text })
        .returning('id')
        .executeTakeFirstOrThrow();
      await addToTextIndex(transaction, id, text);
    }
  }
}

async function removeThese(transaction: Transaction<Schema>, rows: readonly { readonly id: number }[]): Promise<void> {
  for (const { id } of rows) {
    await removeFromTextIndex(transaction, id);
    await transaction.deleteFrom('search_texts').where('id', '=', id).execute();
  }
}

/** Removes some of what can be found of a run; true when nothing is left. */
export async function removeSomeTexts(transaction: Transaction<Schema>, runId: string): Promise<boolean> {
  const rows = await transaction
    .selectFrom('search_texts')
    .select('id')
    .where('run_id', '=', runId)
    .limit(MAX_REMOVED)
    .execute();
  await removeThese(transaction, rows);
  if (rows.length === MAX_REMOVED) return false;
  await transaction.deleteFrom('search_marks').where('run_id', '=', runId).execute();
  return true;
}

/** Removes what can be found of a run, in steps. */
export async function removeTexts(db: Database, runId: string): Promise<void> {
  while (!(await db.write(false, (transaction) => removeSomeTexts(transaction, runId)))) await breathe();
}
