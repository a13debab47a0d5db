// A process that verifies the seed `work` of a data directory, and may be told to die at a step of its refresh.
import { join } from 'node:path';
import type { RefreshStep } from '../../src/seeds/refreshes.ts';
import { Seeds } from '../../src/seeds/seeds.ts';
import { verifyAndRefreshSeed } from '../../src/seeds/verification.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

export interface RefreshOrders {
  readonly directory: string;
  /** What leads to the provider. */
  readonly env: Readonly<Record<string, string>>;
  readonly refresh: 'always' | 'stale' | 'never';
  readonly dies?: RefreshStep;
  /** Encrypts everything anew first. */
  readonly rekeys?: boolean;
}

const { directory, env, refresh, dies, rekeys }: RefreshOrders = JSON.parse(process.argv[2] ?? '{}');
const store = await openSqliteStore(directory);
const onStep = (step: RefreshStep) => {
  process.stdout.write(`${step}\n`);
  if (step === dies) process.kill(process.pid, 'SIGKILL');
};
const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') }, provider: { env, onStep } });
if (rekeys) await seeds.rekey();
const { seed, ...found } = await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh });
process.stdout.write(`${JSON.stringify({ ...found, version: seed.version, state: seed.state })}\n`);
await seeds.close();
await seeds.closeShared();
await store.close();
