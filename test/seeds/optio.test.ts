import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Optio } from '../../src/optio.ts';
import { chatgptAuth } from '../support/auth.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';

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
