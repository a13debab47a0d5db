import type { Database } from './database.ts';
import type { WorkspaceHolder, Workspaces } from './store.ts';

/** Who works in which directory. A run that has ended works nowhere: whoever writes its end removes its row. */
export class SqlWorkspaces implements Workspaces {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async take(holder: WorkspaceHolder): Promise<{ isTaken: boolean; others: WorkspaceHolder[] }> {
    const { runId, host, path, isShared, since } = holder;
    return this.#db.write(true, async (transaction) => {
      const rows = await transaction
        .selectFrom('workspaces')
        .selectAll()
        .where('host', '=', host)
        .orderBy('since')
        .execute();
      const others = rows
        .filter((row) => row.run_id !== runId && overlap(row.path, path))
        .map((row) => ({ ...row, runId: row.run_id, isShared: row.is_shared === 1 }))
        .map(({ run_id: _id, is_shared: _shared, ...other }) => other);
      if (!rows.some((row) => row.run_id === runId)) {
        if (!isShared && others.some((other) => !other.isShared)) return { isTaken: false, others };
        const row = { run_id: runId, host, path, is_shared: isShared ? 1 : 0, since };
        await transaction.insertInto('workspaces').values(row).execute();
      }
      return { isTaken: true, others };
    });
  }

  async release(runId: string): Promise<void> {
    await this.#db.write(false, (transaction) =>
      transaction.deleteFrom('workspaces').where('run_id', '=', runId).execute(),
    );
  }
}

/** One lies in the other, or they are the same. */
function overlap(a: string, b: string): boolean {
  const [inA, inB] = [a, b].map((path) => (path.endsWith('/') ? path : `${path}/`)) as [string, string];
  return inA.startsWith(inB) || inB.startsWith(inA);
}
