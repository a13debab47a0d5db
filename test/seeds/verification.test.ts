import { describe, expect, it } from 'vitest';
import { verifyAndRefreshSeed } from '../../src/seeds/verification.ts';
import { brokerPlace } from '../support/broker.ts';
import { failureOf } from '../support/failure.ts';
import { startIdentity } from '../support/identity.ts';
import { refuse } from '../support/scripted-provider.ts';
import { seedPlace } from '../support/seeds.ts';

const DAY = 86_400_000;

describe('verifying a login', () => {
  it('reads its usage and leaves its tokens alone where they are young', async () => {
    const { add, seeds, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    provider.usage = { percent: 40, resetsAt: (clock.now() + 3_600_000) / 1000 };
    const found = await verifyAndRefreshSeed(seeds, { seedId: 'work' });
    expect(found).toMatchObject({ verdict: 'alive', reason: null, isRefreshed: false });
    expect(found.seed).toMatchObject({
      state: 'healthy',
      version: 1,
      account: { plan: 'pro' }, // as the login says, whatever its usage says
      usage: [
        { label: '5h', usedPercent: 40, minutes: 300, resetsAt: new Date(clock.now() + 3_600_000).toISOString() },
      ],
    });
    expect(provider.refreshed).toEqual([]);
  });

  it('renews tokens that are old, over, or asked for', async () => {
    const { add, seeds, provider, clock } = await brokerPlace(10 * DAY);
    await add(undefined, 'work');
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' })).toMatchObject({
      isRefreshed: true,
    });
    await clock.pass(5 * DAY);
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work' })).toMatchObject({ isRefreshed: false });
    await clock.pass(2 * DAY);
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'never' })).toMatchObject({
      isRefreshed: false,
    });
    expect(provider.refreshed).toHaveLength(1);
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work' })).toMatchObject({ verdict: 'alive' });
    await clock.pass(20 * DAY);
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'never' })).toMatchObject({
      verdict: 'unknown',
      reason: 'its access token is over, and was not to be renewed',
    });
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work' })).toMatchObject({
      verdict: 'alive',
      isRefreshed: true,
    });
    expect(provider.again).toBe(0);
  });

  it.each([
    ['nothing', undefined, true],
    ['no time', 'yesterday', true],
    ['that it is in years', '2099-01-01T00:00:00Z', true],
    ['what a clock says that is a little ahead', 60_000, false],
  ])('renews tokens once of which the login says since when they are: %s (%j)', async (_, said, isRenewed) => {
    const { seeds, provider, clock } = await brokerPlace(10 * DAY);
    const last_refresh = typeof said === 'number' ? new Date(clock.now() + said).toISOString() : said;
    await seeds.add({ id: 'work', auth: JSON.stringify({ ...JSON.parse(provider.login()), last_refresh }) });
    expect((await verifyAndRefreshSeed(seeds, { seedId: 'work' })).isRefreshed).toBe(isRenewed);
    expect((await verifyAndRefreshSeed(seeds, { seedId: 'work' })).isRefreshed).toBe(false);
  });

  it.each([
    [400, 'invalid_request'],
    [403, 'forbidden'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [503, 'unavailable'],
  ])('takes HTTP %i for unknown, and changes nothing', async (status, code) => {
    const { add, seeds, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    await clock.pass(2 * 3_600_000);
    provider.always = () => refuse(status, code);
    const before = await seeds.find('work');
    const found = await verifyAndRefreshSeed(seeds, { seedId: 'work' });
    expect(found).toMatchObject({
      verdict: 'unknown',
      isRefreshed: false,
      reason: expect.stringContaining(String(status)),
    });
    expect(found.seed).toMatchObject({
      state: before.state,
      reason: before.reason,
      version: 1,
      updatedAt: before.updatedAt,
    });
  });

  it('takes what the provider says by name for dead, and asks for that one no more', async () => {
    const { add, seeds, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    await clock.pass(2 * 3_600_000);
    provider.next.push(() => refuse(401, 'refresh_token_expired'));
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work' })).toMatchObject({
      verdict: 'dead',
      seed: { state: 'dead' },
    });
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'work' })).toMatchObject({
      verdict: 'dead',
      reason: 'its provider refused it: refresh_token_expired',
    });
    expect(provider.refreshed).toHaveLength(1);
  });

  it('does nothing to one that somebody else uses, and shares it with runs', async () => {
    const { add, lend, seeds, provider } = await brokerPlace();
    await add(undefined, 'mine', 'shared');
    const file = await lend('run-1', 'mine', { mode: 'file' });
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'mine', refresh: 'always' })).toMatchObject({
      verdict: 'unknown',
      reason: 'it is used by run-1, who keeps it current',
    });
    await lend('run-2', 'shared');
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'shared', refresh: 'always' })).toMatchObject({
      verdict: 'alive',
    });
    expect(provider.refreshed).toHaveLength(1);
    await file.release();
  });

  it('refuses what it does not know', async () => {
    const { add, seeds } = await brokerPlace();
    await add(undefined, 'work');
    const wrong = { seedId: 'work', refresh: 'sometimes' } as unknown as { seedId: string };
    expect((await failureOf(verifyAndRefreshSeed(seeds, wrong))).code).toBe('invalid-input');
    expect((await failureOf(verifyAndRefreshSeed(seeds, { seedId: 'nobody' }))).code).toBe('not-found');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(verifyAndRefreshSeed(seeds, { seedId: 'work', signal })).rejects.toThrow('enough');
  });
});

it('verifying a key asks for no more than a list, and it is dead only when it is known to be', async () => {
  const { identity, env } = await startIdentity();
  const { seeds } = await seedPlace({ provider: { env } });
  await seeds.add({ id: 'good', apiKey: identity.makeApiKey() });
  await seeds.add({ id: 'bad', apiKey: 'sk-nobody-knows-this' });
  expect(await verifyAndRefreshSeed(seeds, { seedId: 'good' })).toMatchObject({
    verdict: 'alive',
    seed: { state: 'healthy' },
  });
  expect(await verifyAndRefreshSeed(seeds, { seedId: 'bad' })).toMatchObject({
    verdict: 'dead',
    reason: 'its provider refused it: invalid_api_key',
    seed: { state: 'dead' },
  });
  identity.faults.next('models', { kind: 'status', status: 401, body: { error: { code: 'ip_not_allowed' } } });
  identity.faults.next('models', { kind: 'cut', when: 'before' });
  for (const _ of [1, 2]) {
    expect(await verifyAndRefreshSeed(seeds, { seedId: 'good' })).toMatchObject({
      verdict: 'unknown',
      seed: { state: 'healthy' },
    });
  }
  expect(identity.requests.map(({ endpoint }) => endpoint)).toEqual(['models', 'models', 'models', 'models']);
});
