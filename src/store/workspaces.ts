import { claimLost } from './claim.ts';
import type { Database } from './database.ts';
import type { WorkspaceHolder, Workspaces } from './store.ts';

/** Who works in which directory. A run that has ended works nowhere: whoever writes its end removes its row. */
export class SqlWorkspaces implements Workspaces {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async take(
    { runId, host, path, isShared, since }: WorkspaceHolder,
    claim: number,
  ): Promise<{ isTaken: boolean; others: WorkspaceHolder[] }> {
    return this.#db.write(true, async (transaction) => {
      const held = transaction.selectFrom('runs').select('id').where('id', '=', runId).where('claim', '=', claim);
      if (!(await held.where('ended_at', 'is', null).executeTakeFirst())) throw claimLost(runId, claim);
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

  async release(runId: string, claim: number): Promise<void> {
    await this.#db.write(false, (transaction) =>
      transaction
        .deleteFrom('workspaces')
        .where('run_id', 'in', (runs) =>
          runs.selectFrom('runs').select('id').where('id', '=', runId).where('claim', '=', claim),
        )
        .execute(),
    );
  }
}

/** One lies in the other, or they are the same. */
function overlap(a: string, b: string): boolean {
  const [inA, inB] = [a, b].map((path) => (path.endsWith('/') ? path : `${path}/`)) as [string, string];
  return inA.startsWith(inB) || inB.startsWith(inA);
}
