import { describe, expect, it } from 'vitest';
import type { TokenLoan } from '../../src/seeds/loans.ts';
import { asTokens, brokerPlace, isSettled } from '../support/broker.ts';
import { failureOf } from '../support/failure.ts';
import { until } from '../support/processes.ts';
import { refuse } from '../support/scripted-provider.ts';

describe('what many runs share', () => {
  it('is leased once, told of by their names, and given back when nobody has used it for a minute', async () => {
    const { add, lend, seeds, clock } = await brokerPlace();
    await add(undefined, 'work');
    const runs = Array.from({ length: 8 }, (_, nth) => `run-${nth}`);
    const loans = await Promise.all(runs.map((run) => lend(run, 'work')));
    const tokens = await Promise.all(loans.map((loan) => asTokens(loan).tokens()));
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(tokens[0]).toMatchObject({ chatgptAccountId: 'acct-work', chatgptPlanType: 'pro' });
    expect(await seeds.find('work')).toMatchObject({ runs, lease: { holder: 'engine', fence: 1 } });
    await Promise.all(loans.map((loan) => loan.release()));
    expect(await seeds.find('work')).toMatchObject({ runs: [], lease: { holder: 'engine' } });
    await clock.pass(61_000);
    await until(async () => (await seeds.find('work')).lease === null);
  });

  it('is given back at once to whoever waits for it, and to whoever removes it', async () => {
    const { add, lend, seeds } = await brokerPlace();
    await add(undefined, 'work', 'spare');
    const [first, second] = [await lend('run-1', 'work'), await lend('run-2', 'spare')];
    const waiting = seeds.lease({ of: { seed: 'work' }, holder: 'a program' });
    expect(await isSettled(waiting)).toBe(false);
    expect((await failureOf(seeds.purge('spare'))).code).toBe('seed-unavailable');
    await first.release();
    expect((await waiting).holder).toBe('a program');
    await second.release();
    await seeds.purge('spare');
    expect((await seeds.list()).map(({ id }) => id)).toEqual(['work']);
  });

  it('gets a newer token for all when it is refused to one, by one refresh', async () => {
    const { add, lend, provider, seeds } = await brokerPlace();
    await add(undefined, 'work');
    const loans = await Promise.all(['a', 'b', 'c'].map(async (run) => asTokens(await lend(run, 'work'))));
    const told: string[] = [];
    for (const loan of loans) loan.onRenewed(({ accessToken }) => told.push(accessToken));
    const [one, , three] = loans as [TokenLoan, TokenLoan, TokenLoan];
    const { accessToken: refused } = await one.tokens();
    const newer = await Promise.all(loans.map((loan) => loan.renew(refused)));
    expect(provider.refreshed).toHaveLength(1);
    const [{ accessToken } = { accessToken: '' }] = newer;
    expect(accessToken).not.toBe(refused);
    expect(told).toEqual([accessToken, accessToken, accessToken]);
    // Whoever comes later with the old one gets the new one.
    expect((await three.renew(refused)).accessToken).toBe(accessToken);
    expect(provider.refreshed).toHaveLength(1);
    expect(await seeds.find('work')).toMatchObject({ version: 2, state: 'healthy' });
  });

  it('is renewed ahead of its end as long as somebody uses it', async () => {
    const { add, lend, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const told: string[] = [];
    loan.onRenewed(({ accessToken }) => told.push(accessToken));
    for (const renewals of [1, 2, 3]) {
      await clock.pass(54 * 60_000);
      expect(provider.refreshed).toHaveLength(renewals - 1);
      await clock.pass(2 * 60_000);
      await until(() => told.length === renewals, 'the news');
    }
    await loan.release();
    await clock.pass(5 * 3_600_000);
    expect(provider.refreshed).toHaveLength(3);
    expect(provider.again).toBe(0);
  });

  it.each(['no iat', 'opaque'] as const)(
    'is renewed as seldom as any other where its life is told vaguely (%s)',
    async (kind) => {
      const { add, lend, provider, clock } = await brokerPlace();
      await add(undefined, 'work');
      const loan = asTokens(await lend('run-1', 'work'));
      provider.always = () => provider.issueVague(kind, 300_000, 'acct-work');
      await clock.pass(56 * 60_000);
      await until(() => provider.refreshed.length === 1, 'the first refresh');
      // Three quarters of five minutes, sixteen times.
      for (let minute = 0; minute < 60; minute++) {
        await clock.pass(60_000);
        await loan.tokens();
      }
      expect(provider.refreshed.length).toBeGreaterThan(12);
      expect(provider.refreshed.length).toBeLessThan(18);
      expect(provider.again).toBe(0);
    },
  );

  it('is renewed less and less often where the provider gives what is over already', async () => {
    const { add, lend, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    await clock.pass(54 * 60_000);
    provider.always = () => provider.issueVague('no iat', -1_000, 'acct-work');
    await clock.pass(2 * 60_000);
    await until(() => provider.refreshed.length > 0, 'the first refresh');
    const before = provider.refreshed.length;
    for (let second = 0; second < 600; second++) {
      await clock.pass(1_000);
      expect((await failureOf(loan.tokens())).message).toContain('over already');
    }
    expect(provider.refreshed.length - before).toBeLessThan(12); // 2, 4, 8 … 256 s, of which it may be half
    expect(provider.again).toBe(0);
  });

  it('is left alone for two seconds after each renewal, however short what has come is good for', async () => {
    const { add, lend, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    await clock.pass(54 * 60_000);
    provider.always = () => provider.issueVague('opaque', 1_000, 'acct-work');
    await clock.pass(2 * 60_000);
    await until(() => provider.refreshed.length > 0, 'the first refresh');
    const before = provider.refreshed.length;
    for (let second = 0; second < 60; second++) {
      await clock.pass(1_000);
      await loan.tokens().catch(() => {}); // what is under way is over then
    }
    expect(provider.refreshed.length - before).toBeGreaterThan(20);
    expect(provider.refreshed.length - before).toBeLessThan(32);
    expect(provider.again).toBe(0);
  });

  it('is kept when the lease is lost, and leased again when a newer token is needed', async () => {
    const { add, lend, seeds } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const { accessToken } = await loan.tokens();
    const thief = await seeds.take({ of: { seed: 'work' }, holder: 'engine', takesOver: true });
    expect((await loan.tokens()).accessToken).toBe(accessToken);
    await thief?.release();
    await until(async () => (await loan.renew(accessToken).catch(() => undefined)) !== undefined);
    expect((await seeds.find('work')).lease).toMatchObject({ holder: 'engine' });
  });

  it('is renewed ahead of its end again once the lease is had again that somebody else had', async () => {
    const { add, lend, seeds, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const { accessToken } = await loan.tokens();
    await (await seeds.take({ of: { seed: 'work' }, holder: 'engine', takesOver: true }))?.release();
    const other = await seeds.take({ of: { seed: 'work' }, holder: 'a program' });
    await clock.pass(60_000); // by then it is known to be lost
    expect(await failureOf(loan.renew(accessToken))).toMatchObject({ code: 'lease-lost' });
    await other?.release();
    await clock.pass(5_000); // it rests after a failure
    const newer = await loan.renew(accessToken);
    expect(newer.accessToken).not.toBe(accessToken);
    expect(provider.refreshed).toHaveLength(1);
    await clock.pass(56 * 60_000);
    await until(() => provider.refreshed.length === 2, 'the one that nobody has asked for');
    expect(provider.again).toBe(0);
  });
});

describe('a provider that fails', () => {
  it('is left alone for longer each time, however many want a token', async () => {
    const { add, lend, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    const loans = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => asTokens(await lend(`run-${n}`, 'work'))),
    );
    const [first] = loans as [TokenLoan];
    const { accessToken } = await first.tokens();
    provider.always = () => refuse(500, 'server_error');
    for (let second = 0; second < 600; second++) {
      const failures = await Promise.all(loans.map((loan) => failureOf(loan.renew(accessToken))));
      expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['call-failed']));
      await clock.pass(1_000);
    }
    // 2, 4, 8 … 256 s, of which it may be half.
    expect(provider.refreshed.length).toBeGreaterThan(4);
    expect(provider.refreshed.length).toBeLessThan(12);
    provider.always = undefined;
    await clock.pass(300_000);
    await until(async () => (await first.renew(accessToken).catch(() => undefined)) !== undefined);
  }, 60_000);

  it('is not asked again before the time that it says', async () => {
    const { add, lend, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const { accessToken } = await loan.tokens();
    provider.next.push(() => refuse(429, 'rate_limited', { 'retry-after': '120' }));
    await failureOf(loan.renew(accessToken));
    await clock.pass(119_000);
    await failureOf(loan.renew(accessToken));
    expect(provider.refreshed).toHaveLength(1);
    await clock.pass(2_000);
    await until(async () => (await loan.renew(accessToken).catch(() => undefined)) !== undefined);
    expect(provider.refreshed).toHaveLength(2);
  });

  it('has what it may have acted on sent again only when there is nothing else', async () => {
    const { add, lend, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const { accessToken } = await loan.tokens();
    provider.next.push(() => refuse(500, 'server_error'));
    await clock.pass(56 * 60_000);
    await until(() => provider.refreshed.length === 1, 'the first refresh');
    expect((await loan.tokens()).accessToken).toBe(accessToken);
    await clock.pass(3 * 60_000);
    expect((await loan.tokens()).accessToken).toBe(accessToken);
    expect(provider.refreshed).toHaveLength(1);
    await clock.pass(2 * 60_000);
    await until(async () => (await loan.tokens()).accessToken !== accessToken);
    expect(provider.refreshed).toHaveLength(2);
  });

  it('refuses a login for good: that is noted, and a pool has others', async () => {
    const { add, lend, provider, clock, seeds } = await brokerPlace();
    await add('team', 'a', 'b');
    await clock.pass(2 * 3_600_000);
    provider.next.push(() => refuse(401, 'refresh_token_invalidated'));
    const loan = asTokens(await lend('run-1', 'pool:team'));
    expect(loan.seedId).toBe('b');
    expect(await seeds.find('a')).toMatchObject({ state: 'dead', runs: [] });
    expect((await seeds.find('a')).reason).toBe('its provider refused it: refresh_token_invalidated');
    const error = await failureOf(lend('run-2', 'a'));
    expect(error).toMatchObject({ code: 'login-expired', remedy: expect.stringContaining('seed add a --again') });
    expect(error.message).toContain('it was ended there');
    expect(error.message).toContain('(refresh_token_invalidated)');
  });

  it('gives tokens of another account: they are not used, and the login stays', async () => {
    const { add, lend, provider, seeds } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const { accessToken } = await loan.tokens();
    provider.next.push(() => provider.issue('acct-other'));
    expect((await failureOf(loan.renew(accessToken))).code).toBe('call-failed');
    expect(await seeds.find('work')).toMatchObject({
      version: 1,
      state: 'unknown',
      reason: expect.stringContaining('another account'),
      account: { accountId: 'acct-work' },
    });
  });
});
