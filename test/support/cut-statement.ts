import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** Before or after the how-manieth statement that begins so (the first). */
export interface Cut {
  readonly sql: string;
  readonly when: 'before' | 'after';
  readonly nth?: number;
}

type Execute = (...parameters: SQLInputValue[]) => unknown;

/**
 * Calls `act` at a statement, of all that are executed once the result was called. To be called before the database is opened:
 * what is prepared by then is not seen.
 */
export function cutStatement({ sql: wanted, when, nth = 1 }: Cut, act: () => void): () => void {
  const { prepare } = DatabaseSync.prototype;
  let isArmed = false;
  let seen = 0;
  const around = (statement: StatementSync, name: 'run' | 'all') => {
    const execute: Execute = statement[name].bind(statement);
    const executed = (...parameters: SQLInputValue[]) => {
      const isIt = isArmed && ++seen === nth;
      if (isIt && when === 'before') act();
      const result = execute(...parameters);
      if (isIt && when === 'after') act();
      return result;
    };
    Object.assign(statement, { [name]: executed });
  };
  DatabaseSync.prototype.prepare = function (sql, ...more) {
    const statement = prepare.call(this, sql, ...more);
    if (sql.startsWith(wanted)) for (const name of ['run', 'all'] as const) around(statement, name);
    return statement;
  };
  return () => {
    isArmed = true;
  };
}
