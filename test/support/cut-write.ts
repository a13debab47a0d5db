import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { JournalEntry } from '../../src/store/store.ts';

/**
 * Calls `act` in the middle of the transaction that writes an entry, which may not be known from the beginning: the run says
 * how far its journal goes, and the events are not there yet. Where there are none, the run has been changed, and nothing
 * of it committed.
 */
export function cutWrite(entry: () => JournalEntry | undefined, act: () => void): void {
  const { prepare } = DatabaseSync.prototype;
  DatabaseSync.prototype.prepare = function (sql, ...more) {
    const statement = prepare.call(this, sql, ...more);
    const actIf = (is: typeof holdsFirstEvent) => (parameters: readonly SQLInputValue[]) => {
      if (is(parameters, entry())) act();
    };
    if (sql.startsWith('insert into "journal"')) around(statement, { before: actIf(holdsFirstEvent) });
    if (sql.startsWith('update "runs"')) around(statement, { after: actIf(isWholeChange) });
    return statement;
  };
}

type Look = (parameters: readonly SQLInputValue[]) => void;

function around(statement: StatementSync, { before, after }: { before?: Look; after?: Look }): void {
  const run = statement.run.bind(statement) as (...parameters: SQLInputValue[]) => ReturnType<StatementSync['run']>;
  statement.run = (...given: unknown[]) => {
    const parameters = given as SQLInputValue[];
    before?.(parameters);
    const result = run(...parameters);
    after?.(parameters);
    return result;
  };
}

/** The rows of such a statement are run, number, time and body, one after the other. */
function holdsFirstEvent(parameters: readonly SQLInputValue[], entry: JournalEntry | undefined): boolean {
  const first = entry?.events[0];
  return (
    first !== undefined && parameters.some((value, at) => value === entry?.runId && parameters[at + 1] === first.seq)
  );
}

/** Whether this writes all of an entry without events. */
function isWholeChange(parameters: readonly SQLInputValue[], entry: JournalEntry | undefined): boolean {
  if (!entry || entry.events.length > 0 || !parameters.includes(entry.runId)) return false;
  return Object.values(entry.change ?? {}).every((value) =>
    parameters.some((each) => each === value || each === JSON.stringify(value)),
  );
}
