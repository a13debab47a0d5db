// A process that lends the seeds of the pool `team` to eight at once, who want newer tokens again and again. It may be told to die at
// a step of the nth refresh.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fromUnknown } from '../../src/errors.ts';
import { Broker } from '../../src/seeds/broker.ts';
import type { RefreshStep } from '../../src/seeds/refreshes.ts';
import { Seeds } from '../../src/seeds/seeds.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

export interface LendingOrders {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly dies?: { readonly step: RefreshStep; readonly nth: number };
  /** How many newer tokens each wants. */
  readonly renewals: number;
}

const { directory, env, dies, renewals }: LendingOrders = JSON.parse(process.argv[2] ?? '{}');
let count = 0;
const onStep = (step: RefreshStep) => {
  if (step === dies?.step && ++count === dies.nth) process.kill(process.pid, 'SIGKILL');
};
const store = await openSqliteStore(directory);
const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') }, provider: { env, onStep } });
const broker = new Broker(seeds);
const problems = new Set<string>();

async function run(runId: string, first: string): Promise<void> {
  for (let turn = 0; turn < renewals; turn++) {
    try {
      const wish = { choices: [{ seed: first }, { pool: 'team' }], whenNone: 'wait' } as const;
      const loan = await broker.lend(runId, wish, AbortSignal.timeout(60_000));
      if (loan.mode !== 'broker') throw new Error('it is no broker');
      const { accessToken } = await loan.tokens();
      if (turn % 2 === 1) await loan.renew(accessToken);
      await loan.release();
    } catch (thrown) {
      problems.add(fromUnknown(thrown).code);
      await delay(500);
    }
  }
}

await Promise.all(Array.from({ length: 8 }, (_, nth) => run(`run-${nth}`, 'abc'[nth % 3] as string)));
process.stdout.write(
  JSON.stringify({ problems: [...problems], states: (await seeds.list()).map(({ state }) => state) }),
);
await broker.close();
await seeds.close();
await seeds.closeShared();
await store.close();
