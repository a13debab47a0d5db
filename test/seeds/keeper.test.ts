import { expect, it, onTestFinished } from 'vitest';
import { Keeper } from '../../src/seeds/keeper.ts';
import { brokerPlace } from '../support/broker.ts';
import { until } from '../support/processes.ts';
import { refuse } from '../support/scripted-provider.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

async function keptPlace(livesMs: number) {
  const place = await brokerPlace(livesMs);
  const keeper = new Keeper(place.seeds);
  onTestFinished(() => keeper.close());
  const { clock, provider, seeds } = place;
  /** Lets so much time pass, and all that is done meanwhile be done. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= HOUR) {
      await clock.pass(Math.min(left, HOUR));
      await until(async () => (await seeds.list()).every(({ id }) => !seeds.shared.isUsed(id)));
    }
  };
  return { ...place, keeper, pass, provider };
}

it('looks at a new login soon, at its usage each hour, and renews its tokens only after days', async () => {
  const { add, seeds, provider, pass } = await keptPlace(10 * DAY);
  await add(undefined, 'work');
  await pass(2 * MINUTE);
  await until(async () => (await seeds.find('work')).state === 'healthy');
  await pass(5 * HOUR);
  expect(provider.usageAsked).toBeGreaterThan(3);
  expect(provider.usageAsked).toBeLessThan(8);
  expect(provider.refreshed).toEqual([]);
  await pass(6 * DAY);
  await until(() => provider.refreshed.length === 1, 'the refresh');
  expect((await seeds.find('work')).version).toBe(2);
}, 60_000);

it('leaves one alone that lives for an hour, that somebody has, or that is dead', async () => {
  const { add, seeds, provider, pass } = await keptPlace(HOUR);
  await add(undefined, 'short', 'taken', 'dead');
  await seeds.note('dead', 1, { state: 'dead', reason: 'refused' });
  await seeds.note('short', 1, { state: 'healthy' });
  await seeds.take({ of: { seed: 'taken' }, holder: 'a program' });
  await pass(DAY);
  expect(provider.refreshed).toEqual([]);
  expect(provider.usageAsked).toBeLessThan(3);
}, 60_000);

it('asks more seldom where the provider fails, and nothing once it is closed', async () => {
  const { add, seeds, provider, pass, keeper } = await keptPlace(HOUR);
  await add(undefined, 'work');
  await seeds.note('work', 1, { state: 'unknown' });
  await pass(2 * HOUR - MINUTE);
  provider.always = () => refuse(500, 'server_error');
  const before = provider.refreshed.length;
  await pass(DAY);
  expect(provider.refreshed.length - before).toBeLessThan(40);
  await keeper.close();
  const asked = provider.refreshed.length + provider.usageAsked;
  await pass(DAY);
  expect(provider.refreshed.length + provider.usageAsked).toBe(asked);
}, 60_000);

it.each([undefined, 'yesterday', '2099-01-01T00:00:00Z'])(
  'renews once a login that says no time of which its tokens could be (%j), and later after days',
  async (last_refresh) => {
    const { seeds, provider, pass } = await keptPlace(10 * DAY);
    await seeds.add({ id: 'work', auth: JSON.stringify({ ...JSON.parse(provider.login()), last_refresh }) });
    await seeds.note('work', 1, { state: 'healthy' });
    await pass(2 * MINUTE);
    await until(async () => (await seeds.find('work')).version === 2, 'the first');
    await pass(DAY);
    expect(provider.refreshed).toHaveLength(1);
    await pass(6 * DAY);
    await until(() => provider.refreshed.length === 2, 'the second');
  },
  60_000,
);
