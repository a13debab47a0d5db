import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SeedsOptions } from '../../src/seeds/lent-seeds.ts';
import type { SharedSeed } from '../../src/seeds/shared-seed.ts';
import type { SeedUse } from '../../src/seeds/shared-seeds.ts';
import { verifyAndRefreshSeed } from '../../src/seeds/verification.ts';
import { isSettled } from '../support/broker.ts';
import { failureOf } from '../support/failure.ts';
import { until } from '../support/processes.ts';
import { ScriptedProvider } from '../support/scripted-provider.ts';
import { SteppedClock, seedPlace } from '../support/seeds.ts';

/** The seed `work`, by somebody who may look in on each step of its refresh. */
async function watchedPlace(options: NonNullable<SeedsOptions['provider']>) {
  const clock = new SteppedClock();
  const provider = new ScriptedProvider({ now: () => clock.now() });
  const place = await seedPlace({
    clock,
    now: () => clock.now(),
    provider: { ...provider.options, ...options },
  });
  await place.seeds.add({ id: 'work', auth: provider.login('acct-work') });
  const left = () => readdirSync(join(place.directory, 'seeds', 'refreshes')).sort();
  return { ...place, clock, provider, left };
}

function seedOf(use: SeedUse | undefined): SharedSeed {
  if (use) return use.seed;
  throw new Error('somebody else has it');
}

describe('a refresh that is under way', () => {
  it('is not taken for one that was never sent by whoever looks at the seed meanwhile', async () => {
    let looking: Promise<unknown> | undefined;
    let look = async (): Promise<unknown> => undefined;
    const { seeds, provider, left } = await watchedPlace({
      onStep(step) {
        if (step === 'noted') looking = look();
      },
      async start() {
        await isSettled(looking ?? Promise.resolve());
        const refresher = await provider.options.start?.();
        if (!refresher) throw new Error('there is no way to refresh');
        return refresher;
      },
    });
    let seen: string[] = [];
    provider.next.push(() => {
      seen = left();
      return provider.issue('acct-work');
    });
    const use = await seeds.shared.use('work');
    look = async () => use?.seed.look();
    await use?.seed.refresh('proactive_expiry');
    await looking;
    expect(seen).toEqual(['work.1.intent', 'work.1.room', 'work.1.sent']);
    expect(left()).toEqual([]);
    expect((await seeds.find('work')).version).toBe(2);
  });

  it.each([
    ['half', '{"seedId":"work","ver'],
    ['empty', ''],
    ['without what matters', '{"seedId":"work"}'],
  ])('of which nobody can read what was written down (%s) may have been sent', async (_, intent) => {
    let isDying = true;
    const { seeds, provider, left, directory, clock } = await watchedPlace({
      onStep(step) {
        if (isDying && step === 'noted') throw new Error('this process is gone');
      },
    });
    await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' });
    isDying = false;
    writeFileSync(join(directory, 'seeds', 'refreshes', 'work.1.intent'), intent);
    const use = await seeds.shared.use('work');
    await use?.seed.look();
    expect(left()).toEqual(['work.1.room', 'work.1.sent']);
    const reason = expect.stringContaining('damaged');
    expect(await seeds.find('work')).toMatchObject({ version: 1, state: 'unknown', reason });
    expect((await use?.seed.tokens())?.chatgptAccountId).toBe('acct-work');
    expect((await failureOf(seedOf(use).refresh('proactive_expiry', true))).message).toContain('nobody knows');
    expect(provider.refreshed).toEqual([]);
    clock.sleep(3_700_000);
    await use?.seed.tokens(); // there is nothing else
    expect(provider.refreshed).toHaveLength(1);
    expect(left()).toEqual([]);
  });

  it.each(['purge', 'delete'] as const)('of a seed that is removed by force (%s) leaves nothing', async (how) => {
    const { seeds, provider, left } = await watchedPlace({});
    const answer = Promise.withResolvers<Response>();
    provider.next.push(() => answer.promise);
    const use = await seeds.shared.use('work');
    const refreshing = failureOf(seedOf(use).refresh('proactive_expiry'));
    await until(() => provider.refreshed.length === 1, 'the request');
    await seeds[how]('work', { force: true });
    expect(left()).toEqual([]);
    answer.resolve(provider.issue('acct-work'));
    await refreshing;
    expect(left()).toEqual([]);
  });

  it('of a seed that is removed by force, and whose process outlives us, leaves nothing for long', async () => {
    const { seeds, provider, left, directory } = await watchedPlace({});
    await seeds.add({ id: 'other', auth: provider.login('acct-other') });
    await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' });
    await seeds.purge('work');
    const put = (name: string) => writeFileSync(join(directory, 'seeds', 'refreshes', name), '{"process":null}');
    for (const name of ['other.1.intent', 'work.1.result']) put(name); // it comes only now
    await seeds.sweep();
    expect(left()).toEqual(['other.1.intent']);
    put('work.1.result');
    await seeds.purge('other');
    expect(left()).toEqual([]);
  });

  it('is waited for at the end, and saved; nothing more is asked for then', async () => {
    const { seeds, provider, left } = await watchedPlace({});
    await seeds.add({ id: 'other', auth: provider.login('acct-other') });
    const [use, other] = [await seeds.shared.use('work'), await seeds.shared.use('other')];
    const answer = Promise.withResolvers<Response>();
    provider.next.push(() => answer.promise);
    const refreshing = seedOf(use).refresh('proactive_expiry');
    await until(() => provider.refreshed.length === 1, 'the request');
    const closing = seeds.closeShared();
    expect((await failureOf(seedOf(other).refresh('proactive_expiry'))).code).toBe('aborted');
    expect(await isSettled(closing)).toBe(false);
    answer.resolve(provider.issue('acct-work'));
    await closing;
    expect([left(), provider.refreshed.length]).toEqual([[], 1]);
    expect(await seeds.find('work')).toMatchObject({ version: 2, lease: null });
    await refreshing;
  });
});
