import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import type { RefreshStep } from '../../../src/seeds/refreshes.ts';
import { Seeds } from '../../../src/seeds/seeds.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { type Fault, refusal } from '../../fakes/identity/faults.ts';
import type { LendingOrders } from '../../fakes/lending-worker.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { fakePath } from '../../support/fakes.ts';
import { startIdentity, toAuthFile } from '../../support/identity.ts';
import { filesWith } from '../../support/search.ts';

const STEPS: readonly RefreshStep[] = [
  'identified',
  'told',
  'answered',
  'read',
  'saved',
  'noted',
  'started',
  'cleared',
];
/** What the provider does besides answering as it should; none of it takes a token away for good. */
const FAULTS: readonly Fault[] = [
  refusal(429, 'rate_limited', { 'retry-after': '1' }),
  { kind: 'twice' },
  refusal(500, 'server_error'),
  { kind: 'cut', when: 'before' },
  { kind: 'cut', when: 'at the end' },
  refusal(400, 'invalid_request'),
];
const POOL = ['a', 'b', 'c'] as const;

async function lendOut(orders: LendingOrders) {
  const worker = spawn(process.execPath, [fakePath('lending-worker.ts'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  const [said, [, signal]] = await Promise.all([text(worker.stdout), once(worker, 'exit')]);
  return signal === 'SIGKILL' ? undefined : (JSON.parse(said) as { problems: string[]; states: string[] });
}

it('three logins whose tokens last for seconds serve eight at once, whatever dies and whatever the provider does', async () => {
  const { identity, env } = await startIdentity();
  identity.lineages.accessTokenSeconds = 6;
  const directory = await dataDirectory('seeds');
  const onSeeds = async <T>(act: (seeds: Seeds) => Promise<T>) => {
    const store = await openSqliteStore(directory);
    const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
    return act(seeds).finally(() => seeds.close().then(() => store.close()));
  };
  await onSeeds(async (seeds) => {
    for (const id of POOL) await seeds.add({ id, pool: 'team', auth: toAuthFile(identity.login()) });
  });
  let deaths = 0;
  for (const [at, step] of STEPS.entries()) {
    identity.faults.next('refresh', FAULTS[at % FAULTS.length] as Fault);
    const worked = await lendOut({ directory, env, dies: { step, nth: 1 + (at % 3) }, renewals: 4 });
    if (!worked) deaths++;
  }
  expect(deaths).toBeGreaterThan(4);
  const worked = await lendOut({ directory, env, renewals: 4 });
  expect(worked?.states).toEqual(['healthy', 'healthy', 'healthy']);
  const held = await onSeeds(async (seeds) => {
    const tokens: string[] = [];
    for (const id of POOL) {
      const lease = await seeds.take({ of: { seed: id }, holder: 'engine', takesOver: true });
      if (lease) tokens.push(JSON.parse((await seeds.read(lease)).files['auth.json'] ?? '').tokens.refresh_token);
      await lease?.release();
    }
    return tokens;
  });
  const { ledger } = identity;
  expect(ledger.usedAgain()).toEqual([]);
  expect(ledger.lost((token) => held.includes(token))).toEqual([]);
  expect(ledger.revoked()).toEqual([]);
  const refreshes = ledger.entries.filter(({ what }) => what === 'used').length;
  expect(refreshes).toBeGreaterThan(10);
  for (const secret of ledger.secrets) expect(filesWith(directory, secret)).toEqual([]);
}, 400_000);
