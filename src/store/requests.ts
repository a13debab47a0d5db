import type { Selectable, Transaction } from 'kysely';
import type { RunEvent } from '../contract/event.ts';
import type { Answer } from '../contract/request.ts';
import type { Database } from './database.ts';
import type { RequestTable, Schema } from './schema.ts';
import type { RequestBacklog, RequestRecord, Requests } from './store.ts';

export class SqlRequests implements Requests {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(runId: string, requestId: string): Promise<RequestRecord | undefined> {
    const row = await this.#db.read
      .selectFrom('requests')
      .selectAll()
      .where('run_id', '=', runId)
      .where('id', '=', requestId)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  async open(runs?: string | readonly string[]): Promise<RequestRecord[]> {
    let query = this.#db.read.selectFrom('requests').selectAll().where('state', '=', 'open');
    if (runs !== undefined) query = query.where('run_id', 'in', typeof runs === 'string' ? [runs] : runs);
    return (await query.orderBy('opened_at').orderBy('id').execute()).map(toRecord);
  }

  async backlog(): Promise<RequestBacklog> {
    const row = await this.#db.read
      .selectFrom('requests')
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('opened_at').as('oldest')])
      .where('state', '=', 'open')
      .executeTakeFirst();
    return { count: Number(row?.count ?? 0), oldestAt: row?.oldest ?? null };
  }

  async answer(runId: string, requestId: string, given: { answer: Answer; by: string }): Promise<boolean> {
    const { numUpdatedRows } = await this.#db.write(true, (transaction) =>
      transaction
        .updateTable('requests')
        .set({
          state: 'answered',
          answer: JSON.stringify(given.answer),
          answered_by: given.by,
          closed_at: new Date().toISOString(),
        })
        .where('run_id', '=', runId)
        .where('id', '=', requestId)
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow(),
    );
    const isFirst = numUpdatedRows === 1n;
    if (isFirst) this.#db.changes.tell({ runId, how: 'answered' });
    return isFirst;
  }
}

/** Keeps the requests as the journal tells of them. An answer that was written down before stays as it was given. */
export async function followRequests(
  transaction: Transaction<Schema>,
  runId: string,
  events: readonly RunEvent[],
): Promise<void> {
  for (const event of events) {
    if (event.type === 'request.opened') {
      await transaction
        .insertInto('requests')
        .values({
          run_id: runId,
          id: event.request.id,
          state: 'open',
          opened_at: event.at,
          request: JSON.stringify(event.request),
        })
        // Codex repeats what it asks; what was closed is open again then, and an answer stays as it was given.
        .onConflict((conflict) =>
          conflict
            .columns(['run_id', 'id'])
            .doUpdateSet({ state: 'open', opened_at: event.at, closed_at: null })
            .where('requests.state', '=', 'closed'),
        )
        .execute();
    } else if (event.type === 'request.answered' || event.type === 'request.closed') {
      const isAnswered = event.type === 'request.answered';
      await transaction
        .updateTable('requests')
        .set({
          state: isAnswered ? 'answered' : 'closed',
          closed_at: event.at,
          ...(isAnswered && { answer: JSON.stringify(event.answer), answered_by: event.by }),
        })
        .where('run_id', '=', runId)
        .where('id', '=', event.requestId)
        .where('state', '=', 'open')
        .execute();
    }
  }
}

/** What waits still when its run has ended needs no answer any more. */
export async function closeRequests(transaction: Transaction<Schema>, runId: string, closedAt: string): Promise<void> {
  await transaction
    .updateTable('requests')
    .set({ state: 'closed', closed_at: closedAt })
    .where('run_id', '=', runId)
    .where('state', '=', 'open')
    .execute();
}

function toRecord(row: Selectable<RequestTable>): RequestRecord {
  return {
    runId: row.run_id,
    request: JSON.parse(row.request),
    state: row.state as RequestRecord['state'],
    openedAt: row.opened_at,
    answer: row.answer === null ? null : JSON.parse(row.answer),
    by: row.answered_by,
    closedAt: row.closed_at,
  };
}
