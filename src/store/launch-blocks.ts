import type { Database } from './database.ts';
import type { LaunchBlockRecord, LaunchBlocks } from './store.ts';

export class SqlLaunchBlocks implements LaunchBlocks {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add({ id, metadata, reason, createdAt }: LaunchBlockRecord): Promise<void> {
    const row = { id, metadata: JSON.stringify(metadata), reason, created_at: createdAt };
    await this.#db.write(true, (transaction) => transaction.insertInto('launch_blocks').values(row).execute());
  }

  async remove(id: string): Promise<void> {
    await this.#db.write(true, (transaction) => transaction.deleteFrom('launch_blocks').where('id', '=', id).execute());
  }

  async list(): Promise<LaunchBlockRecord[]> {
    const rows = await this.#db.read
      .selectFrom('launch_blocks')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      metadata: JSON.parse(row.metadata),
      reason: row.reason,
      createdAt: row.created_at,
    }));
  }
}
