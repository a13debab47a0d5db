import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** The tables, and the one way to change them. */
export interface Database {
  readonly read: Kysely<Schema>;
  /**
   * Does all of something or nothing. `isDurable`: it is on disk when this resolves; otherwise it survives the death of
   * this process, and is on disk after the next one that is durable.
   */
  write<T>(isDurable: boolean, act: (transaction: Transaction<Schema>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export class SqliteDatabase implements Database {
  readonly read: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.read = db;
  }

  write<T>(isDurable: boolean, act: (transaction: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.read.connection().execute(async (connection) => {
      // In WAL mode `full` syncs at each commit, `normal` only now and then; it cannot be changed within a transaction.
      await (isDurable ? FULL : NORMAL).execute(connection);
      return connection.transaction().execute(act);
    });
  }

  async close(): Promise<void> {
    await this.read.destroy();
  }
}

const FULL = sql`pragma synchronous = full`;
const NORMAL = sql`pragma synchronous = normal`;
