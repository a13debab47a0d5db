import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { OptioError } from '../errors.ts';

/** Statements are prepared once; the number of different ones is small, and this only a bound. */
const MAX_STATEMENTS = 256;
/** What SQLite calls a full disk. */
const SQLITE_FULL = 13;

/** Node's SQLite as Kysely wants to have it. Its failures come as `store-full` and `store-failed`. */
export function toKyselyDatabase(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      const prepared = toKyselyStatement(told(() => database.prepare(sql)));
      const statement = sql === 'rollback' ? unlessUndone(database, prepared) : prepared;
      statements.set(sql, statement);
      return statement;
    },
  };
}

function toKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => told(() => statement.all(...(parameters as SQLInputValue[]))),
    run: (parameters) => told(() => statement.run(...(parameters as SQLInputValue[]))),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}

/** After some failures, such as a full disk, SQLite has undone the transaction by itself, and says that there is none. */
function unlessUndone(database: DatabaseSync, rollback: SqliteStatement): SqliteStatement {
  const none = { changes: 0, lastInsertRowid: 0 };
  return { ...rollback, run: (parameters) => (database.isTransaction ? rollback.run(parameters) : none) };
}

/** Runs something of SQLite's, and tells its failure in our words. */
export function told<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw toStoreError(cause);
  }
}

/** What went wrong, in our words. */
export function toStoreError(cause: unknown): OptioError {
  if (cause instanceof OptioError) return cause;
  const { errcode, code, message } = cause as { errcode?: number; code?: unknown; message: string };
  if ((errcode !== undefined && (errcode & 0xff) === SQLITE_FULL) || code === 'ENOSPC' || code === 'EDQUOT') {
    return new OptioError('store-full', 'there is no space left for the store', {
      cause,
      remedy: 'Make space where the data directory lies; what waits goes on by itself then.',
    });
  }
  // Whoever still asks is answered by the next process that opens it.
  if (code === 'ERR_INVALID_STATE') return new OptioError('aborted', 'the store is closed', { cause });
  return new OptioError('store-failed', `the store cannot be used: ${message}`, {
    cause,
    remedy: 'Look at the disk of the data directory, and at who may write there.',
  });
}
