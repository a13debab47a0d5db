import type { Selectable } from 'kysely';
import type { Role } from '../contract/role.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { TokenRecord, Tokens } from './token-record.ts';

export class SqlTokens implements Tokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  add({ id, name, role, hash, createdAt, expiresAt }: TokenRecord): Promise<'id' | 'name' | undefined> {
    const row = { id, name, role, hash, created_at: createdAt, expires_at: expiresAt };
    return this.#db.write(true, async (transaction) => {
      await transaction.deleteFrom('tokens').where('expires_at', '<=', createdAt).execute();
      const others = await transaction
        .selectFrom('tokens')
        .select(['id', 'name'])
        .where(({ or, eb }) => or([eb('id', '=', id), eb('name', '=', name)]))
        .execute();
      if (others.some((other) => other.id === id)) return 'id';
      if (others.length > 0) return 'name';
      await transaction.insertInto('tokens').values(row).execute();
      return undefined;
    });
  }

  async find(hash: string, at: string): Promise<TokenRecord | undefined> {
    const row = await this.#valid(at).where('hash', '=', hash).executeTakeFirst();
    return row && toRecord(row);
  }

  async list(at: string): Promise<TokenRecord[]> {
    return (await this.#valid(at).orderBy('created_at').orderBy('id').execute()).map(toRecord);
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db.write(true, (transaction) =>
      transaction.deleteFrom('tokens').where('id', '=', id).executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  }

  #valid(at: string) {
    return this.#db.read
      .selectFrom('tokens')
      .selectAll()
      .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]));
  }
}

function toRecord(row: Selectable<Schema['tokens']>): TokenRecord {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    hash: row.hash,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
