import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seeds } from '../../src/seeds/seeds.ts';
import { verifyAndRefreshSeed } from '../../src/seeds/verification.ts';
import { secretsOf, token } from '../support/auth.ts';
import { type BrokerPlace, brokerPlace } from '../support/broker.ts';
import { failureOf } from '../support/failure.ts';

const HOUR = 3_600_000;

/** The seed `work`, whose refreshes are answered with tokens of somebody else; gives the refresh token of each answer. */
async function strangersPlace(): Promise<BrokerPlace & { refresh(): Promise<string>; kept(): string[] }> {
  const place = await brokerPlace();
  const { seeds, provider, clock, directory } = place;
  await place.add(undefined, 'work');
  return {
    ...place,
    async refresh() {
      const answer = provider.issue('acct-other');
      provider.next.push(() => answer.clone());
      await clock.pass(2 * HOUR); // so that there is nothing else than to ask once more
      await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' });
      return ((await answer.json()) as { refresh_token: string }).refresh_token;
    },
    kept: () => readdirSync(join(directory, 'seeds', 'unused')),
  };
}

async function tokensKept(seeds: Seeds): Promise<string[]> {
  return (await seeds.unused.of('work')).map(({ auth }) => JSON.parse(auth).tokens.refresh_token);
}

describe('the answer to a refresh', () => {
  it('that says more of the person than what is saved is saved, and what says less as well', async () => {
    const { seeds, provider, clock } = await brokerPlace();
    const stored = JSON.parse(provider.login('acct-work'));
    stored.tokens.id_token = token({ sub: 'auth0|1' });
    stored.tokens.access_token = token({ exp: clock.now() / 1000 + 60 });
    await seeds.add({ id: 'work', auth: JSON.stringify(stored) });
    const refresh = () => verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' });
    expect(await refresh()).toMatchObject({ verdict: 'alive', isRefreshed: true, seed: { version: 2, reason: null } });
    await clock.pass(HOUR);
    provider.next.push(() => provider.issueVague('opaque', HOUR, 'acct-work'));
    expect(await refresh()).toMatchObject({ verdict: 'alive', isRefreshed: true, seed: { version: 3 } });
    expect(provider.again).toBe(0);
  });

  it('that is of somebody else is kept, encrypted, which the seed says', async () => {
    const { seeds, refresh, kept, directory } = await strangersPlace();
    const given = await refresh();
    const reason =
      'the provider gave it tokens of another account, which are not used and are kept, encrypted, in seeds/unused';
    expect(await seeds.find('work')).toMatchObject({ version: 1, state: 'unknown', reason });
    expect(await tokensKept(seeds)).toEqual([given]);
    const [{ auth = '', version } = {}] = await seeds.unused.of('work');
    expect(version).toBe(1);
    const [name = ''] = kept();
    for (const secret of secretsOf(auth)) {
      expect(readFileSync(join(directory, 'seeds', 'unused', name), 'utf8')).not.toContain(secret);
    }
    // By hand, where it is good after all.
    expect(await seeds.add({ id: 'other', auth })).toMatchObject({ version: 1 });
  });

  it('of which too many came is kept no longer than the newest five, and the key of them changes with all others', async () => {
    const { seeds, refresh, kept } = await strangersPlace();
    const given: string[] = [];
    for (let round = 0; round < 7; round++) given.push(await refresh());
    expect(await tokensKept(seeds)).toEqual(given.slice(-5));
    await seeds.rekey();
    expect(await tokensKept(seeds)).toEqual(given.slice(-5));
    await seeds.purge('work');
    expect(kept()).toEqual([]);
  });

  it('goes when somebody logs in anew', async () => {
    const { seeds, refresh, kept, provider } = await strangersPlace();
    await refresh();
    expect(kept()).toHaveLength(1);
    expect(await failureOf(seeds.add({ id: 'work', auth: provider.login('acct-other'), again: true }))).toMatchObject({
      code: 'invalid-input',
    });
    expect(kept()).toHaveLength(1);
    await seeds.add({ id: 'work', auth: provider.login('acct-work'), again: true });
    expect(kept()).toEqual([]);
  });
});
