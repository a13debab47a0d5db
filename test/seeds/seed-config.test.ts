import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chatgptAuth } from '../support/auth.ts';
import { asFile, asTokens, brokerPlace, isSettled } from '../support/broker.ts';
import { failureOf } from '../support/failure.ts';
import { until } from '../support/processes.ts';
import { refuse } from '../support/scripted-provider.ts';
import { seedPlace } from '../support/seeds.ts';

const HIGH = 'model = "gpt-5.5"\nmodel_reasoning_effort = "high"\n';
const SETTINGS = { model: 'gpt-5.5', model_reasoning_effort: 'high' };

describe('the settings of a seed', () => {
  it('are changed as a whole and taken away, and nothing else of it changes', async () => {
    const { seeds } = await seedPlace();
    const auth = chatgptAuth();
    await seeds.add({ id: 'work', pool: 'team', auth });
    await seeds.note('work', 1, { state: 'dead', reason: 'refused', plan: 'plus' });
    const { updatedAt: _, lastLeasedAt: __, ...before } = await seeds.find('work');
    expect(await seeds.config('work')).toEqual({ version: 1, settings: {}, config: '' });
    const saved = await seeds.configure('work', {
      config: `${HIGH}notify = ["sh"]\n[mcp_servers.x]\ncommand = "sh"\n`,
    });
    expect(saved).toMatchObject({ version: 2, settings: SETTINGS, dropped: ['notify', 'mcp_servers'] });
    expect(saved.config).not.toContain('sh');
    expect(await seeds.configure('work', { config: HIGH })).toMatchObject({ version: 2, dropped: [] });
    const other = { version: 3, settings: { model: 'gpt-5.5-mini' } };
    expect(await seeds.configure('work', { config: 'model = "gpt-5.5-mini"' })).toMatchObject(other);
    expect(await seeds.config('work')).toMatchObject(other);
    expect(await seeds.configure('work', { config: '' })).toEqual({
      version: 4,
      settings: {},
      config: '',
      dropped: [],
    });
    expect(await seeds.find('work')).toMatchObject({ ...before, version: 4 });
    await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'test', inAnyState: true });
    expect((await seeds.read(lease)).files).toEqual({ 'auth.json': auth });
    await lease.release();
    expect((await seeds.undo('work', { to: 3 })).version).toBe(5);
    expect(await seeds.config('work')).toMatchObject({ ...other, version: 5 });
  });

  it.each([
    ['is no TOML', 'model ='],
    ['is far too large', `# ${'x'.repeat(65_536)}`],
  ])('stay where what is given %s, or there is no such seed', async (_, config) => {
    const { seeds } = await seedPlace();
    await seeds.add({ id: 'work', auth: chatgptAuth(), config: HIGH });
    const refused = await failureOf(seeds.configure('work', { config }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'config' } });
    expect(await seeds.config('work')).toMatchObject({ version: 1, settings: SETTINGS });
    expect((await failureOf(seeds.configure('nobody', { config: '' }))).code).toBe('not-found');
    expect((await failureOf(seeds.config('nobody'))).code).toBe('not-found');
  });

  it('keep a seed from being made where what is given with it is no TOML', async () => {
    const { seeds } = await seedPlace();
    const refused = await failureOf(seeds.add({ id: 'work', auth: chatgptAuth(), config: 'model =' }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'config' } });
    expect(await seeds.list()).toEqual([]);
  });

  it('are not changed while a run has it alone, and what that has made of its login is not lost', async () => {
    const { add, lend, seeds, provider } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asFile(await lend('run-1', 'work', { mode: 'file' }));
    const refused = await failureOf(seeds.configure('work', { config: HIGH }));
    expect(refused).toMatchObject({ code: 'seed-unavailable', message: expect.stringContaining('run-1') });
    const renewed = provider.login('acct-work');
    await loan.save(renewed);
    await loan.release();
    expect(await seeds.configure('work', { config: HIGH })).toMatchObject({ version: 3, settings: SETTINGS });
    await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'test' });
    expect((await seeds.read(lease)).files['auth.json']).toBe(renewed);
  });

  it('are changed while runs share it: these keep theirs, and their tokens; those who come have the new ones', async () => {
    const { add, lend, seeds, provider, clock } = await brokerPlace();
    await add(undefined, 'work');
    await seeds.add({ id: 'key', apiKey: 'sk-1234567890' });
    const [first, keyed] = [asTokens(await lend('run-1', 'work')), await lend('run-2', 'key')];
    const { accessToken } = await first.tokens();
    for (const id of ['work', 'key']) expect(await seeds.configure(id, { config: HIGH })).toMatchObject({ version: 2 });
    expect([first.settings, keyed.settings]).toEqual([{}, {}]);
    expect((await first.tokens()).accessToken).toBe(accessToken);
    expect((await lend('run-3', 'work')).settings).toEqual(SETTINGS);
    expect((await lend('run-4', 'key')).settings).toEqual(SETTINGS);
    expect((await seeds.find('work')).lease).toMatchObject({ holder: 'engine', fence: 1 });
    await clock.pass(56 * 60_000);
    await until(() => provider.refreshed.length === 1, 'the refresh ahead of its end');
    await until(async () => (await seeds.find('work')).version === 3);
    expect(await seeds.config('work')).toMatchObject({ version: 3, settings: SETTINGS });
    expect(provider.again).toBe(0);
  });

  it('wait for a refresh that is under way, and what that gives is saved before', async () => {
    const { add, lend, seeds, provider } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const { accessToken } = await loan.tokens();
    const answer = Promise.withResolvers<Response>();
    provider.next.push(() => answer.promise);
    const renewing = loan.renew(accessToken);
    await until(() => provider.refreshed.length === 1, 'the refresh');
    const configuring = seeds.configure('work', { config: HIGH });
    expect(await isSettled(configuring)).toBe(false);
    answer.resolve(provider.issue('acct-work'));
    expect(await configuring).toMatchObject({ version: 3, settings: SETTINGS });
    const newer = await renewing;
    expect((await loan.tokens()).accessToken).toBe(newer.accessToken);
    await loan.renew(newer.accessToken).catch(() => {}); // it has just come, so nothing is asked
    expect(provider.again).toBe(0);
  });

  it('do not make anybody forget that its token may have been sent', async () => {
    const { add, lend, seeds, provider, clock, directory } = await brokerPlace();
    await add(undefined, 'work');
    const loan = asTokens(await lend('run-1', 'work'));
    const { accessToken } = await loan.tokens();
    provider.next.push(() => refuse(500, 'server_error'));
    await clock.pass(56 * 60_000);
    await until(() => provider.refreshed.length === 1, 'the first refresh');
    for (const config of [HIGH, 'model = "a"', 'model = "b"', 'model = "c"', 'model = "d"', '', HIGH]) {
      await seeds.configure('work', { config });
    }
    expect(readdirSync(join(directory, 'seeds', 'refreshes'))).toEqual(['work.8.sent']);
    await clock.pass(3 * 60_000);
    expect((await loan.tokens()).accessToken).toBe(accessToken);
    expect(provider.refreshed).toHaveLength(1);
    await clock.pass(2 * 60_000);
    await until(async () => (await loan.tokens()).accessToken !== accessToken);
    expect(provider.refreshed).toHaveLength(2);
    expect(await seeds.config('work')).toMatchObject({ version: 9, settings: SETTINGS });
  });
});
