import type { Transaction } from 'kysely';
import type { RunEvent } from '../contract/event.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { Messages, SentMessage } from './store.ts';

export class SqlMessages implements Messages {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(runId: string, messageId: string): Promise<SentMessage | undefined> {
    const row = await this.#db.read
      .selectFrom('messages')
      .innerJoin('journal', (join) =>
        join.onRef('journal.run_id', '=', 'messages.run_id').onRef('journal.seq', '=', 'messages.seq'),
      )
      .select(['journal.seq', 'journal.at', 'journal.body'])
      .where('messages.run_id', '=', runId)
      .where('messages.id', '=', messageId)
      .executeTakeFirst();
    return row && { seq: row.seq, at: row.at, ...JSON.parse(row.body) };
  }
}

/** Keeps where a journal tells of each message that was sent: the newest place, should it be sent under the same id again. */
export async function followMessages(
  transaction: Transaction<Schema>,
  runId: string,
  events: readonly RunEvent[],
): Promise<void> {
  for (const event of events) {
    if (event.type !== 'message.sent') continue;
    await transaction
      .insertInto('messages')
      .values({ run_id: runId, id: event.messageId, seq: event.seq })
      .onConflict((conflict) => conflict.columns(['run_id', 'id']).doUpdateSet({ seq: event.seq }))
      .execute();
  }
}
