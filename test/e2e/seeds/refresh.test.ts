import { describe, expect, it } from 'vitest';
import type { RefreshStep } from '../../../src/seeds/refreshes.ts';
import { type Fault, refusal, silence } from '../../fakes/identity/faults.ts';
import { skipFor } from '../../support/privileges.ts';
import { until } from '../../support/processes.ts';
import { type RefreshPlaceOfTest, refreshPlace, whyNoOwnProcesses } from '../../support/refreshing.ts';

const STEPS: readonly RefreshStep[] = [
  ...(['noted', 'started', 'identified', 'told', 'answered', 'read', 'saved', 'cleared'] as const),
];

/** By the provider's own record nothing was used twice, and what works now is what we have; and nobody else could read it. */
async function expectSafe({ identity, held, leaks }: RefreshPlaceOfTest): Promise<void> {
  const ours = await held();
  expect(identity.ledger.usedAgain()).toEqual([]);
  expect(identity.ledger.lost((token) => token === ours)).toEqual([]);
  expect(identity.ledger.revoked()).toEqual([]);
  expect(leaks()).toEqual([]);
}

describe('a refresh whose worker is killed', { timeout: 300_000 }, () => {
  it.each(STEPS)('when it is %s loses no token and sends none twice', async (dies) => {
    const place = await refreshPlace();
    expect(await place.work({ refresh: 'always', dies })).toBeUndefined();
    const next = await place.work({ refresh: 'stale' });
    expect(next).toMatchObject({ verdict: 'alive', state: 'healthy' });
    const isSent = STEPS.indexOf(dies) >= STEPS.indexOf('answered');
    // What was just told may have come through or not.
    if (dies !== 'told') expect(place.identity.ledger.refreshesOf(place.login.lineage)).toBe(isSent ? 1 : 0);
    expect(place.left()).toEqual([]);
    await expectSafe(place);
    // And it can be renewed further.
    expect(await place.work({ refresh: 'always' })).toMatchObject({ verdict: 'alive', isRefreshed: true });
    await expectSafe(place);
  });

  it('goes on while the provider takes its time, and the next worker waits for it', async () => {
    const place = await refreshPlace();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { met } = place.identity.faults.next('refresh', { kind: 'hold', when: 'after', until: promise });
    const dying = place.work({ refresh: 'always', dies: 'told' });
    expect(await dying).toBeUndefined();
    await met;
    const pid = place.refresher() as number;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(pid, signal);
    // Whoever did not wait for it would find the version that it replaces.
    const next = place.work({ refresh: 'stale' }, (step) => step === 'waiting' && resolve());
    expect(await next).toMatchObject({ verdict: 'alive', version: 2 });
    expect(place.identity.ledger.refreshesOf(place.login.lineage)).toBe(1);
    await expectSafe(place);
  });

  it('and has answered is taken up after the key was changed', async () => {
    const place = await refreshPlace();
    await place.work({ refresh: 'always', dies: 'answered' });
    expect(place.left()).toContain('work.1.result');
    expect(await place.work({ refresh: 'stale', rekeys: true })).toMatchObject({ verdict: 'alive', version: 2 });
    await expectSafe(place);
  });
});

describe('a refresh whose own process is killed', { timeout: 300_000 }, () => {
  it('leaves a login of which nobody knows, whose token is not sent again while there is another way', async () => {
    const place = await refreshPlace();
    const { met } = place.identity.faults.next('refresh', silence('after'));
    const working = place.work({ refresh: 'always' });
    await met;
    process.kill(place.refresher() as number, 'SIGKILL');
    expect(await working).toMatchObject({ verdict: 'alive', isRefreshed: false, version: 1 });
    for (const refresh of ['stale', 'always'] as const) {
      expect(await place.work({ refresh })).toMatchObject({ verdict: 'alive', isRefreshed: false, version: 1 });
    }
    expect(place.identity.at('refresh')).toHaveLength(1);
    expect(place.leaks()).toEqual([]);
  });

  it('sends it again once there is nothing else', async () => {
    const place = await refreshPlace();
    const { met } = place.identity.faults.next('refresh', silence('before'));
    const working = place.work({ refresh: 'always' });
    await met;
    process.kill(place.refresher() as number, 'SIGKILL');
    await working;
    place.identity.lineages.refuseAccess(place.login.accessToken);
    expect(await place.work({ refresh: 'stale' })).toMatchObject({ verdict: 'alive', isRefreshed: true, version: 2 });
    await expectSafe(place);
  });
});

describe('an answer of the provider', { timeout: 300_000 }, () => {
  const faults: readonly (readonly [string, Fault, object])[] = [
    ['400 without a word', refusal(400, 'invalid_request'), { verdict: 'alive', state: 'healthy', version: 1 }],
    ['400 invalid_grant', refusal(400, 'invalid_grant'), { verdict: 'dead', state: 'dead', version: 1 }],
    [
      '401 refresh_token_expired',
      refusal(401, 'refresh_token_expired'),
      { verdict: 'dead', state: 'dead', version: 1 },
    ],
    ['403 of a firewall', { kind: 'status', status: 403, body: 'no' }, { verdict: 'alive', version: 1 }],
    ['429', refusal(429, 'rate_limited', { 'retry-after': '7' }), { verdict: 'alive', version: 1 }],
    ['500', refusal(500, 'server_error'), { verdict: 'alive', version: 1 }],
    ['twice', { kind: 'twice' }, { verdict: 'alive', state: 'healthy', version: 2 }],
    ['all but its last character', { kind: 'cut', when: 'at the end' }, { version: 2 }],
  ];

  it.each(faults)('%s is taken for what it is', async (_name, fault, expected) => {
    const place = await refreshPlace();
    place.identity.faults.next('refresh', fault);
    expect(await place.work({ refresh: 'always' })).toMatchObject(expected);
    expect(place.identity.at('refresh')).toHaveLength(1);
    await expectSafe(place);
  });

  it('that does not come is waited for, and the login stays as it was', async () => {
    const place = await refreshPlace();
    const faults = ['usage', 'refresh'] as const;
    for (const endpoint of faults) place.identity.faults.always(endpoint, refusal(500, 'server_error'));
    const found = await place.work({ refresh: 'always' });
    expect(found).toMatchObject({ verdict: 'unknown', state: 'unknown', version: 1 });
    await until(() => place.left().includes('work.1.sent'));
    await expectSafe(place);
  });
});

describe('a refresh whose worker ends in order', { timeout: 300_000 }, () => {
  it('is waited for and saved, also where its end is that of everything in its container', async ({ skip }) => {
    skipFor(whyNoOwnProcesses, skip);
    const place = await refreshPlace();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { met } = place.identity.faults.next('refresh', { kind: 'hold', when: 'after', until: promise });
    await place.workContained(met, resolve);
    expect(place.left()).toEqual([]);
    expect(place.identity.ledger.refreshesOf(place.login.lineage)).toBe(1);
    await expectSafe(place);
  });
});
