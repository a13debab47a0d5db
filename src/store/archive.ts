import type { Database } from './database.ts';
import { isOver } from './run-expiry.ts';

/** See `Runs.archive`. */
export async function archiveTree(db: Database, id: string, at: string): Promise<boolean> {
  const isOld = await db.write(true, async (transaction) => {
    const found = transaction.selectFrom('runs').select('id').where('id', '=', id).whereRef('id', '=', 'root_id');
    if (!(await found.where(isOver).executeTakeFirst())) return undefined;
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('archived_trees')
      .values({ root_id: id, archived_at: at })
      .onConflict((conflict) => conflict.column('root_id').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 0n;
  });
  if (isOld === false) await tell(db, id);
  return isOld !== undefined;
}

/** See `Runs.unarchive`. */
export async function unarchiveTree(db: Database, id: string): Promise<void> {
  const { numDeletedRows } = await db.write(true, (transaction) =>
    transaction.deleteFrom('archived_trees').where('root_id', '=', id).executeTakeFirstOrThrow(),
  );
  if (numDeletedRows > 0n) await tell(db, id);
}

/** See `Runs.archivedAt`. */
export async function archivedAt({ read }: Database, rootId: string): Promise<string | null> {
  const row = await read
    .selectFrom('archived_trees')
    .select('archived_at')
    .where('root_id', '=', rootId)
    .executeTakeFirst();
  return row?.archived_at ?? null;
}

/** Each run of a tree comes into lists with it, or goes. */
async function tell({ read, changes }: Database, rootId: string): Promise<void> {
  const tree = await read.selectFrom('runs').select('id').where('root_id', '=', rootId).execute();
  for (const { id } of tree) changes.tell({ runId: id, how: 'changed' });
}
