import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/**
 * The version of the tables in a database file, without a change to anything beside it: not even the log of SQLite is made.
 * Undefined where that cannot be told so: there is none yet, or somebody writes it just now, or it stands in the log only.
 */
export function peekVersion(file: string): number | undefined {
  const url = pathToFileURL(file);
  // Of a file that nobody changes SQLite makes no log, takes no lock, and reads what stands in it.
  url.searchParams.set('immutable', '1');
  try {
    using database = new DatabaseSync(url, { readOnly: true });
    const row = database.prepare('select version from schema_version').get();
    return typeof row?.version === 'number' ? row.version : undefined;
  } catch {
    return undefined;
  }
}
