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

describe('a login that could not be renewed for a codex at the gate', { timeout: 120_000 }, () => {
  it('is in doubt where the provider refuses it in words that nobody knows, until it gives one', async () => {
    const { place } = await refusedPlace(401, 'invalid_client');
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work', seedMode: 'file' });
    expect(outcome).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('Please log out') } });
    const reason = expect.stringContaining('codex could not renew it');
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'unknown', reason }]);
    place.identity.faults.always('refresh', undefined);
    const { verdict, seed } = await place.optio.verifySeed('work');
    expect([verdict, seed.state]).toEqual(['alive', 'healthy']);
  });

  it.each([
    [401, 'refresh_token_reused', 'was already used'],
    [400, 'invalid_grant', 'Please log out'],
  ])('is dead after %s %s, with that as its reason, and codex says so as it can', async (status, code, words) => {
    const { place } = await refusedPlace(status, code);
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work', seedMode: 'file' });
    expect(outcome).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(words) } });
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'dead', reason: expect.stringContaining(code) }]);
    expect(place.identity.at('refresh')).toHaveLength(1);
  });

  it('is what it was where the provider is out of order, and so the run has failed', async () => {
    const { place } = await refusedPlace(500, 'server_error');
    const { outcome } = await watchRun(place, { instructions: HELLO, seedId: 'work', seedMode: 'file' });
    expect(outcome.status).toBe('failed');
    expect(await place.optio.listSeeds()).toMatchObject([{ state: 'healthy' }]);
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
