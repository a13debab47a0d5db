// A process that lets somebody log in, in a data directory, or saves what another has left there. It may be told to die at a statement.
import { join } from 'node:path';
import { isOver } from '../../src/contract/seed-login.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { SeedLogins } from '../../src/seeds/logins.ts';
import { Seeds } from '../../src/seeds/seeds.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { cutStatement } from '../support/cut-statement.ts';

export interface LoginOrders {
  readonly directory: string;
  /** How codex comes to the provider. */
  readonly env: Readonly<Record<string, string>>;
  /** Begins a login for the seed `work`; otherwise it saves what was left. */
  readonly begins?: { readonly again: boolean };
  /** It dies after a statement, numbered from 1. */
  readonly diesAfter?: number;
}

const { directory, env, begins, diesAfter }: LoginOrders = JSON.parse(process.argv[2] ?? '{}');
const die = () => process.kill(process.pid, 'SIGKILL');
const arm = diesAfter === undefined ? undefined : cutStatement({ sql: '', nth: diesAfter, when: 'after' }, die);
const store = await openSqliteStore(directory);
const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
const host = new LocalHost({ home: directory });
const logins = new SeedLogins({ host, seeds, dataDir: directory, env: { PATH: process.env.PATH, ...env } });
arm?.();
await logins.takeUp();
for (let login of begins ? [await logins.start({ id: 'work', ...begins })] : logins.list()) {
  while (!isOver(login)) {
    login = await logins.find(login.id, { seen: login.state });
    process.stdout.write(`${JSON.stringify(login)}\n`);
  }
}
await Promise.all([logins.close(), seeds.close()]);
await store.close();
