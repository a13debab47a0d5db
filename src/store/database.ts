import { type Kysely, sql, type Transaction } from 'kysely';
import { OptioError } from '../errors.ts';
import { Changes } from './changes.ts';
import type { Schema } from './schema.ts';

/** The tables, and the one way to change them. */
export interface Database {
  readonly read: Kysely<Schema>;
  /** Told by whoever has written something that others list. */
  readonly changes: Changes;
  /**
   * Does all of something or nothing. `isDurable`: it is on disk when this resolves; otherwise it survives the death of
   * this process, and is on disk after the next one that is durable.
   */
  write<T>(isDurable: boolean, act: (transaction: Transaction<Schema>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export class SqliteDatabase implements Database {
  readonly changes: Changes = new Changes();
  readonly #db: Kysely<Schema>;
  #isClosed = false;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  get read(): Kysely<Schema> {
    if (!this.#isClosed) return this.#db;
    throw new OptioError('store-failed', 'the store is closed', { remedy: 'Open the data directory again.' });
  }

  write<T>(isDurable: boolean, act: (transaction: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.read.connection().execute(async (connection) => {
      // In WAL mode `full` syncs at each commit, `normal` only now and then; it cannot be changed within a transaction.
      await (isDurable ? FULL : NORMAL).execute(connection);
      return connection.transaction().execute(act);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#db.destroy();
  }
}

const FULL = sql`pragma synchronous = full`;
const NORMAL = sql`pragma synchronous = normal`;
