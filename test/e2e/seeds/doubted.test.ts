import { describe, expect, it } from 'vitest';
import { refusal } from '../../fakes/identity/faults.ts';
import { specIn, watchRun } from '../../support/run.ts';
import { makeSeededPlace } from '../../support/seed-run.ts';

const HELLO = '!say hello';

/** A login whose access token the provider takes no more, and whose codex is answered so whenever it wants another. */
async function refusedPlace(status: number, code: string, pool?: string) {
  const place = await makeSeededPlace();
  const login = await place.addLogin('work', pool === undefined ? {} : { pool });
  await place.optio.verifySeed('work');
  place.identity.lineages.refuseAccess(login.accessToken);
  place.identity.faults.always('refresh', refusal(status, code));
  return { place, login };
}

describe('a login that codex could not renew by itself', { timeout: 120_000 }, () => {
  it.each([
    [401, 'invalid_client'],
    [400, 'invalid_grant'],
  ])('is in doubt after %s %s, which codex words the same, until our own asking tells', async (status, code) => {
    const { place } = await refusedPlace(status, code);
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work', seedMode: 'file' });
    expect(outcome).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('Please log out') } });
    const reason = expect.stringContaining('codex could not renew it');
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'unknown', reason }]);
    const isNamed = code === 'invalid_grant';
    if (!isNamed) place.identity.faults.always('refresh', undefined);
    const { verdict, seed } = await place.optio.verifySeed('work');
    expect([verdict, seed.state]).toEqual(isNamed ? ['dead', 'dead'] : ['alive', 'healthy']);
  });

  it('is dead where the provider has named what codex knows', async () => {
    const { place } = await refusedPlace(401, 'refresh_token_reused');
    await watchRun(place, { instructions: HELLO, seedId: 'work', seedMode: 'file' });
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'dead' }]);
  });

  it('gives way to another one of the pool in the next attempt', async () => {
    const { place } = await refusedPlace(401, 'invalid_client', 'team');
    await place.addLogin('spare', { pool: 'team' });
    const seedFallback = [{ pool: 'team' }];
    const spec = specIn(place, { instructions: HELLO, seedId: 'work', seedFallback, seedMode: 'file' });
    const handle = await place.optio.run(spec, { retry: { attempts: 2, backoffMs: 1 } });
    expect(await handle.outcome).toMatchObject({ status: 'done' });
    const seeds: unknown[] = [];
    for await (const event of handle.events()) {
      if (event.type === 'session.started') seeds.push(event.loginReport?.seed);
    }
    expect(seeds).toEqual(['work', 'spare']);
  });
});
