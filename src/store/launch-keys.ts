import type { Kysely, Selectable } from 'kysely';
import { keyReused } from '../contract/create-options.ts';
import type { LaunchKey } from './run-record.ts';
import type { RunTable, Schema } from './schema.ts';

/** The run that was launched with a key. A transaction will do, too. */
export function launchedWith(db: Kysely<Schema>, launchKey: string): Promise<Selectable<RunTable> | undefined> {
  return db.selectFrom('runs').selectAll().where('launch_key', '=', launchKey).executeTakeFirst();
}

/** The same for somebody who wishes to launch one with it. Throws `key-reused` when that would be something else. */
export async function launchedBefore(
  db: Kysely<Schema>,
  { key, print }: LaunchKey = { key: '', print: '' },
): Promise<Selectable<RunTable>> {
  const row = await launchedWith(db, key);
  if (row?.launch_print === print) return row;
  throw keyReused(key, row ? `the run ${row.id}` : 'something else');
}
