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
  /** Ends in order as soon as a line comes in, whatever it is at. */
  readonly isStopped?: boolean;
  /** Encrypts everything anew first. */
  readonly rekeys?: boolean;
}

const { directory, env, refresh, dies, isStopped, rekeys }: RefreshOrders = JSON.parse(process.argv[2] ?? '{}');
const store = await openSqliteStore(directory);
const onStep = (step: RefreshStep) => {
  process.stdout.write(`${step}\n`);
  if (step === dies) process.kill(process.pid, 'SIGKILL');
};
const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') }, provider: { env, onStep } });
if (isStopped) process.stdin.once('data', () => void end().then(() => process.exit(0)));
if (rekeys) await seeds.rekey();
const { seed, ...found } = await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh });
process.stdout.write(`${JSON.stringify({ ...found, version: seed.version, state: seed.state })}\n`);
if (!isStopped) await end();

async function end(): Promise<void> {
  await seeds.close();
  await seeds.closeShared();
  await store.close();
}
