import { setImmediate as breathe } from 'node:timers/promises';
import { type CompiledQuery, sql, type Transaction } from 'kysely';
import type { RunEvent } from '../contract/event.ts';
import { JournalPiece } from '../contract/journal-piece.ts';
import type { RunState } from '../contract/outcome.ts';
import { OptioError } from '../errors.ts';
import { claimLost } from './claim.ts';
import type { Database } from './database.ts';
import { fitting } from './fitting.ts';
import { GroupCommit } from './group-commit.ts';
import { stepsOf } from './journal-steps.ts';
import { followMessages } from './messages.ts';
import { followRequests } from './requests.ts';
import { updateRun } from './run-update.ts';
import type { JournalTable, Schema } from './schema.ts';
import type { SearchReader } from './search-reader.ts';
import { isTelling } from './searched-texts.ts';
import type { Journal, JournalEntry, JournalRange } from './store.ts';

/** How much a page of a journal holds: events, and characters of them. The first one comes whatever its size. */
const PAGE_EVENTS = 500;
const PAGE_CHARS = 4 * 1024 * 1024;
/**
 * The events of some rows as a list in JSON. It is put together in the database and comes as bytes, since it is sent on as it
 * is as a rule: to make a string of each body, one of all of them, and bytes of that again takes four times as long.
 */
const JSON_OF_ROWS = sql<Uint8Array | null>`cast('[' || string_agg(
  '{"seq":' || seq || ',"at":"' || at || '",' || substr(body, 2), ',' order by seq) || ']' as blob)`;
/** Rows that are inserted at once. The queries are compiled once for each of these numbers, largest first. */
const CHUNKS = [64, 8, 1];

export class SqlJournal implements Journal {
  readonly #db: Database;
  readonly #inserts: ReadonlyMap<number, CompiledQuery>;
  readonly #commits: GroupCommit<JournalEntry>;
  readonly #search: Pick<SearchReader, 'note'>;

  /** `search` is told which journals say something that can be found. */
  constructor(db: Database, search: Pick<SearchReader, 'note'>) {
    this.#db = db;
    this.#search = search;
    this.#inserts = new Map(CHUNKS.map((rows) => [rows, compileInsert(db, rows)]));
    this.#commits = new GroupCommit((entries) => this.#commit(entries));
  }

  async append(entry: JournalEntry): Promise<void> {
    await this.#commits.add(entry, entry.isDurable ?? false);
    if (entry.events.some(isTelling)) this.#search.note(entry.runId);
    const isListed = entry.change !== undefined || entry.events.some(({ type }) => type.startsWith('request.'));
    if (isListed) this.#db.changes.tell({ runId: entry.runId, how: 'changed' });
  }

  async read(runId: string, after: number): Promise<readonly RunEvent[]> {
    return (await this.readPiece(runId, after)).events;
  }

  async readPiece(runId: string, after: number): Promise<JournalPiece> {
    // In one piece: between two looks a stretch of it might be compacted.
    return this.#db.read.transaction().execute(async (transaction) => {
      const wanted = transaction.selectFrom('journal').where('run_id', '=', runId).where('seq', '>', after);
      const page = wanted.orderBy('seq').limit(PAGE_EVENTS);
      const sizes = page.select(['seq', sql<number>`octet_length(body)`.as('size')]);
      const all = await transaction
        .selectFrom(sizes.as('page'))
        .select(({ fn }) => fn.sum<number | null>('size').as('size'))
        .executeTakeFirst();
      const isWhole = (all?.size ?? 0) <= PAGE_CHARS; // as a rule; then nobody has to know the size of each
      const most = isWhole
        ? PAGE_EVENTS
        : fitting(
            (await sizes.execute()).map((row) => row.size),
            PAGE_CHARS,
          );
      const rows = page.select(['seq', 'at', 'body']).limit(most);
      const { last, json } = await transaction
        .selectFrom(rows.as('row'))
        .select(({ fn }) => [fn.max<number | null>('seq').as('last'), JSON_OF_ROWS.as('json')])
        .executeTakeFirstOrThrow();
      if (last === null || json === null) return JournalPiece.ofEvents([]);
      const newest = wanted.where('seq', '=', last).select('body');
      const { body } = await newest.executeTakeFirstOrThrow();
      return JournalPiece.ofJson(json, { ...JSON.parse(body), seq: last });
    });
  }

  async compact(runId: string, ranges: readonly JournalRange[]): Promise<void> {
    for (const step of stepsOf(ranges)) {
      await this.#db.write(false, async (transaction) => {
        for (const range of step) await replace(transaction, runId, range);
      });
      await breathe();
    }
  }

  /** Waits until all that was given is written. */
  async close(): Promise<void> {
    await this.#commits.drained();
  }

  #commit(entries: readonly (JournalEntry & { readonly isDurable?: boolean })[]): Promise<(OptioError | undefined)[]> {
    const isDurable = entries.some((entry) => entry.isDurable);
    return this.#db.write(isDurable, async (transaction) => {
      const refusals: (OptioError | undefined)[] = [];
      for (const part of byRun(entries)) {
        const refusal = await this.#append(transaction, part);
        for (const _ of part.entries) refusals.push(refusal);
      }
      return refusals;
    });
  }

  async #append(transaction: Transaction<Schema>, { entry, events, bodies }: Part): Promise<OptioError | undefined> {
    const { runId, claim, change, from } = entry;
    const [first, last] = [events[0], events.at(-1)];
    const lastSeq = first && last && { was: first.seq - 1, is: last.seq };
    if (!lastSeq && !change && !entry.isDurable) return undefined;
    if (!(await updateRun(transaction, { runId, claim, change, from, ...(lastSeq && { lastSeq }) }))) {
      return refusal(transaction, entry);
    }
    const rows = events.flatMap(({ seq, at }, index) => [runId, seq, at, bodies[index] as string]);
    for (let at = 0; at < rows.length; ) {
      const size = CHUNKS.find((chunk) => chunk * COLUMNS.length <= rows.length - at) as number;
      const parameters = rows.slice(at, at + size * COLUMNS.length);
      await transaction.executeQuery({ ...(this.#inserts.get(size) as CompiledQuery), parameters });
      at += parameters.length;
    }
    await followRequests(transaction, runId, events);
    await followMessages(transaction, runId, events);
    return undefined;
  }
}

/** Puts one marker in the place of a range. */
async function replace(transaction: Transaction<Schema>, runId: string, { from, to }: JournalRange): Promise<void> {
  const gone = transaction.deleteFrom('journal').where('run_id', '=', runId);
  await gone.where('seq', '>=', from).where('seq', '<', to).execute();
  await transaction
    .updateTable('journal')
    .set({ body: JSON.stringify({ type: 'journal.compacted', from }) })
    .where('run_id', '=', runId)
    .where('seq', '=', to)
    .execute();
}

/** Why a run could not be written: the state it is in, or somebody who has taken it over. */
async function refusal(transaction: Transaction<Schema>, { runId, claim, from }: JournalEntry): Promise<OptioError> {
  const run = await transaction
    .selectFrom('runs')
    .select(['claim', 'state'])
    .where('id', '=', runId)
    .executeTakeFirst();
  if (run?.claim === claim && from && !from.includes(run.state as RunState)) {
    return new OptioError('state-changed', `the run ${runId} is "${run.state}"`, {
      remedy: `That can be done only while it is ${from.map((state) => `"${state}"`).join(' or ')}.`,
    });
  }
  return claimLost(runId, claim);
}

const COLUMNS = ['run_id', 'seq', 'at', 'body'] as const satisfies (keyof JournalTable)[];

function compileInsert({ read: db }: Database, rows: number): CompiledQuery {
  const row: JournalTable = { run_id: '', seq: 0, at: '', body: '' };
  return db
    .insertInto('journal')
    .values(Array.from({ length: rows }, () => row))
    .compile();
}

/** What of one run is written together: the entries that follow each other, up to one that changes the run. */
interface Part {
  readonly entry: JournalEntry;
  readonly entries: readonly JournalEntry[];
  readonly events: readonly RunEvent[];
  readonly bodies: readonly string[];
}

function byRun(entries: readonly JournalEntry[]): Part[] {
  const parts: { entry: JournalEntry; entries: JournalEntry[]; events: RunEvent[]; bodies: string[] }[] = [];
  for (const entry of entries) {
    const part = parts.at(-1);
    if (
      part &&
      part.entry.runId === entry.runId &&
      part.entry.claim === entry.claim &&
      !part.entry.change &&
      !entry.change
    ) {
      part.entries.push(entry);
      for (const event of entry.events) part.events.push(event);
      for (const body of bodiesOf(entry)) part.bodies.push(body);
    } else parts.push({ entry, entries: [entry], events: [...entry.events], bodies: [...bodiesOf(entry)] });
  }
  return parts;
}

function bodiesOf({ events, bodies }: JournalEntry): readonly string[] {
  return bodies ?? events.map(({ seq: _seq, at: _at, ...body }) => JSON.stringify(body));
}
