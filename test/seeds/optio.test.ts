import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Optio } from '../../src/optio.ts';
import { chatgptAuth } from '../support/auth.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { startIdentity, toAuthFile } from '../support/identity.ts';
import { filesWith } from '../support/search.ts';

it('the key in the environment encrypts seeds, and no task gets to see it', async () => {
  const dataDir = await dataDirectory('seeds');
  const env = {
    HOME: dataDir,
    PATH: process.env.PATH,
    OPTIO_CODEX_SEED_KEY: randomBytes(32).toString('base64'),
    KEPT: '1',
  };
  await using optio = await Optio.open({ dataDir, env });
  await optio.addSeed({ id: 'work', auth: chatgptAuth() });
  expect(existsSync(join(dataDir, 'seed.key'))).toBe(false);
  let seen: Readonly<Record<string, string | undefined>> = {};
  const look = taskOf(
    async (run) => {
      seen = run.env;
      return { text: 'seen' };
    },
    { id: 'look' },
  );
  await optio.define(look);
  await (await optio.launch('look')).outcome;
  expect(seen.KEPT).toBe('1');
  expect(seen.OPTIO_CODEX_SEED_KEY).toBeUndefined();
});

it('a key in a program comes before that, and whoever waits for a seed is told when everything is closed', async () => {
  const dataDir = await dataDirectory('seeds');
  const key = randomBytes(32);
  const env = { HOME: dataDir, PATH: process.env.PATH, OPTIO_CODEX_SEED_KEY: 'none' };
  const optio = await Optio.open({ dataDir, env, seedKey: () => key });
  await optio.addSeed({ id: 'work', auth: chatgptAuth() });
  await optio.seeds.lease({ of: { seed: 'work' }, holder: 'run-1' });
  const waiting = failureOf(optio.seeds.lease({ of: { seed: 'work' }, holder: 'run-2' }));
  await optio.close();
  expect((await waiting).code).toBe('aborted');
});

it('runs share a login, which is renewed for them, and which the next process has', async () => {
  const { identity, env: way } = await startIdentity();
  const login = identity.login();
  const dataDir = await dataDirectory('seeds');
  const env = { HOME: dataDir, PATH: process.env.PATH, ...way };
  const optio = await Optio.open({ dataDir, env });
  await optio.addSeed({ id: 'work', auth: toAuthFile(login) });
  const tokens: string[] = [];
  const ready = Promise.withResolvers<void>();
  const work = taskOf(
    async (run) => {
      const wish = { choices: [{ seed: 'work' }], whenNone: 'refuse' } as const;
      const loan = await run.logins.lend(wish, run.signal);
      if (loan.mode !== 'broker') throw new Error('it is no broker');
      tokens.push((await loan.renew((await loan.tokens()).accessToken)).accessToken);
      if (tokens.length === 2) ready.resolve();
      await ready.promise;
      await loan.release();
      return { text: 'done' };
    },
    { id: 'work' },
  );
  await optio.define(work);
  const runs = [await optio.launch('work'), await optio.launch('work')];
  await ready.promise;
  for (const run of runs) expect((await run.outcome).status).toBe('done');
  expect(await optio.verifySeed('work')).toMatchObject({ verdict: 'alive', seed: { runs: [], state: 'healthy' } });
  await optio.close();
  await using next = await Optio.open({ dataDir, env });
  expect(await next.verifySeed('work', { refresh: 'always' })).toMatchObject({ verdict: 'alive', isRefreshed: true });
  expect(identity.ledger.usedAgain()).toEqual([]);
  for (const secret of identity.ledger.secrets) expect(filesWith(dataDir, secret)).toEqual([]);
});

it('nobody looks after logins where that is turned off', async () => {
  const dataDir = await dataDirectory('seeds');
  const seen: string[] = [];
  for (const keep of ['true', 'false']) {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const env = { HOME: dataDir, PATH: process.env.PATH, OPTIO_CODEX_KEEP_SEEDS: keep };
    await using optio = await Optio.open({ dataDir, env });
    const listed = vi.spyOn(optio.seeds, 'list');
    await vi.advanceTimersByTimeAsync(61_000);
    seen.push(`${keep} ${listed.mock.calls.length > 0}`);
    vi.useRealTimers();
  }
  expect(seen).toEqual(['true true', 'false false']);
});
