// A process that works with the seeds of a data directory, as it is told to. It may be told to die at a statement.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, SqliteDialect } from 'kysely';
import { systemClock } from '../../src/seeds/clock.ts';
import { SeedKeyring } from '../../src/seeds/keys.ts';
import { LeaseQueue } from '../../src/seeds/lease-queue.ts';
import { Seeds } from '../../src/seeds/seeds.ts';
import { SqliteDatabase } from '../../src/store/database.ts';
import { toKyselyDatabase } from '../../src/store/node-sqlite.ts';
import type { Schema } from '../../src/store/schema.ts';
import { SqlSeedLeases } from '../../src/store/seed-leases.ts';
import { SqlSeeds } from '../../src/store/seeds.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { registerStoreClock } from '../../src/store/store-clock.ts';
import { cutStatement } from '../support/cut-statement.ts';

export type Orders =
  /** Says which key is in a file, or makes one there. */
  | { readonly act: 'key'; readonly file: string }
  /**
   * Lets so many want a seed of the pool `team` at once, each so often, and notes in the log when one has it and when not any more.
   * It shares the database with others, as workers of one PostgreSQL would.
   */
  | {
      readonly act: 'crowd';
      readonly directory: string;
      readonly log: string;
      readonly many: number;
      readonly turns: number;
    }
  /** Does this with the seed `work`, and dies at a statement of it, numbered from 1. Says so when it came to its end. */
  | {
      readonly act: 'add' | 'save' | 'rekey';
      readonly directory: string;
      readonly auth: string;
      readonly dies?: { readonly nth: number; readonly when: 'before' | 'after' };
    };

const orders: Orders = JSON.parse(process.argv[2] ?? '{}');
if (orders.act === 'key') {
  const keys = await new SeedKeyring({ env: {}, file: orders.file }).keys();
  say(keys.map(({ secret }) => Buffer.from(secret).toString('base64')).join());
} else if (orders.act === 'crowd') {
  await crowd(orders);
} else {
  await change(orders);
}

async function crowd({ directory, log, many, turns }: Extract<Orders, { act: 'crowd' }>): Promise<void> {
  const database = new DatabaseSync(join(directory, 'optio.db'), { timeout: 60_000 });
  registerStoreClock(database);
  const db = new SqliteDatabase(
    new Kysely<Schema>({ dialect: new SqliteDialect({ database: toKyselyDatabase(database) }) }),
  );
  const queue = new LeaseQueue({ seeds: new SqlSeeds(db), leases: new SqlSeedLeases(db), clock: systemClock });
  const note = (...words: (string | number)[]) => appendFileSync(log, `${words.join(' ')}\n`);
  // Its clock runs wild, which is nothing to whoever judges by the store's.
  const { now } = Date;
  Date.now = () => now() + Math.round((Math.random() - 0.5) * 86_400_000);
  const want = async (name: string) => {
    for (let turn = 0; turn < turns; turn++) {
      const lease = await queue.lease({ of: { pool: 'team' }, holder: name });
      note('takes', lease.seedId, lease.fence, name);
      await delay(Math.random() * 4);
      note('gives', lease.seedId, lease.fence, name);
      await lease.release();
    }
  };
  await Promise.all(Array.from({ length: many }, (_, nth) => want(`${process.pid}-${nth}`)));
  await queue.close();
  await db.close();
  say('done');
}

async function change(order: Exclude<Orders, { act: 'key' | 'crowd' }>): Promise<void> {
  const { act, directory, auth, dies } = order;
  const arm = dies && cutStatement({ sql: '', ...dies }, () => process.kill(process.pid, 'SIGKILL'));
  const store = await openSqliteStore(directory);
  const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
  arm?.();
  if (act === 'add') await seeds.add({ id: 'work', auth });
  if (act === 'rekey') await seeds.rekey();
  if (act === 'save') {
    const lease = await seeds.lease({ of: { seed: 'work' }, holder: 'run-1' });
    const { version: replaces } = await seeds.read(lease);
    await seeds.save(lease, { files: { 'auth.json': auth }, replaces });
    say('saved'); // whoever is told this may throw his own copy away
    await lease.release();
  }
  say('done');
  await seeds.close();
  await store.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
