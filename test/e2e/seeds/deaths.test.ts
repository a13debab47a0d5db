import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../fakes/identity/faults.ts';
import { Fire } from '../../support/fire.ts';
import { codexOf, countMarked, until } from '../../support/processes.ts';
import { markOf, watchRun } from '../../support/run.ts';
import { makeSeededPlace } from '../../support/seed-run.ts';

describe('a run that has the login in the home of its codex', { timeout: 200_000 }, () => {
  it('whose worker and codex die leaves its login to the next worker, which lends it to nobody before it is saved', async () => {
    const fire = await Fire.start(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const { met } = fire.identity.faults.next('refresh', { kind: 'hold', when: 'after', until: promise });
    fire.launch('dying', { mode: 'file', isGated: true });
    await met;
    await fire.killBoth('dying');
    resolve();
    await until(() => fire.identity.at('refresh').at(-1)?.status === 200, 'the answer');
    fire.launch('next', { mode: 'broker' });
    await until(() => fire.saved.length > 0, 'the newer login to be saved');
    fire.open('dying');
    expect(await fire.outcome('dying')).toMatchObject({ status: 'done' });
    expect(await fire.outcome('next')).toMatchObject({ status: 'done' });
    await fire.expectSafe();
  });

  it('goes on with what is saved where half a login lies there after a death', async () => {
    const fire = await Fire.start(1);
    fire.launch('run', { mode: 'file', isGated: true });
    await until(() => fire.saved.length > 0, 'a newer login to be saved');
    await fire.seen('run', 'turn.started');
    const file = fire.authFile('run');
    await fire.killBoth('run');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.slice(0, whole.length / 2));
    fire.begin();
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done' });
    await fire.expectSafe();
  });

  it('is stopped as soon as its lease is lost, before anybody else could renew the same', async () => {
    const place = await makeSeededPlace();
    const login = await place.addLogin('work');
    const spec = { instructions: '!say hello', seedId: 'work', seedMode: 'file', endRule: 'told' } as const;
    const { outcome, handle } = await watchRun(place, spec, async (event, run) => {
      if (event.type !== 'turn.ended') return;
      expect(codexOf(markOf(place, run.id))).toBeGreaterThan(0);
      await place.optio.removeSeed('work', { force: true });
    });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'lease-lost' } });
    expect(countMarked(markOf(place, handle.id))).toBe(0);
    expect(existsSync(join(place.dataDir, 'runs', handle.id)), 'nobody can save what is of no seed').toBe(false);
    expect(place.identity.ledger.refreshesOf(login.lineage)).toBe(0);
  });
});

describe('a codex that has short-lived tokens and lives on without a worker', { timeout: 200_000 }, () => {
  it('has asked for a newer one of nobody, and goes on with what the next worker gives it', async () => {
    const fire = await Fire.start(1);
    fire.launch('run', { mode: 'broker', isGated: 'long', attempts: 1 });
    await fire.seen('run', 'turn.started');
    await until(
      () => fire.identity.at('responses').some(({ status }) => status === undefined),
      'the model to be asked',
    );
    await fire.killWorker();
    fire.refuse(() => true);
    fire.open('run');
    await until(() => fire.identity.at('responses').some(({ status }) => status === 401), 'a token that is refused');
    fire.begin();
    expect(await fire.outcome('run')).toMatchObject({ status: 'done', turns: 1 });
    await fire.expectSafe();
  });

  it('is given one when the one that it has has ended meanwhile', async () => {
    const fire = await Fire.start(1);
    fire.launch('run', { mode: 'broker', isGated: 'long', attempts: 1 });
    await until(
      () => fire.identity.at('responses').some(({ status }) => status === undefined),
      'the model to be asked',
    );
    await fire.killWorker();
    fire.refuse(() => true);
    const asked = fire.identity.at('refresh').length;
    fire.begin();
    await until(
      () =>
        fire.identity
          .at('refresh')
          .slice(asked)
          .some(({ status }) => status === 200),
      'a newer one',
    );
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done', turns: 1 });
    await fire.expectSafe();
  });
});

describe('a worker that dies', { timeout: 200_000 }, () => {
  it('when it has started another codex leaves one that the next worker takes for a new one, and no turn for ever', async () => {
    const fire = await Fire.start(1);
    fire.launch('run', { mode: 'broker', isGated: true });
    await until(() => fire.identity.at('responses').length > 0, 'the turn');
    await fire.killBoth('run');
    const { promise, resolve } = Promise.withResolvers<void>();
    const { met } = fire.identity.faults.next('accounts', { kind: 'hold', when: 'before', until: promise });
    fire.begin();
    await met; // it listens, and is being logged in
    await fire.killWorker();
    resolve();
    fire.begin();
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done' });
    await fire.expectSafe();
  });

  it('and its codex with it leaves a turn that the next attempt goes on with, where the next worker gets no login', async () => {
    const fire = await Fire.start(1);
    fire.launch('run', { mode: 'broker', isGated: true });
    await fire.seen('run', 'message.taken');
    await fire.killBoth('run');
    const { met } = fire.identity.faults.next('refresh', refusal(429, 'rate_limited'));
    fire.begin();
    await met;
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done' });
    await fire.expectSafe();
  });

  it('when a turn has ended, and its codex with it, leaves it to the next attempt to see that the run is done', async () => {
    const fire = await Fire.start(1);
    fire.launch('run', { mode: 'broker', isGated: true });
    const codex = await fire.codex('run');
    await fire.seen('run', 'message.taken');
    fire.dieOn('turn.ended');
    fire.open('run');
    await fire.hasDied();
    await fire.kill(codex);
    const { met } = fire.identity.faults.next('refresh', refusal(429, 'rate_limited'));
    fire.begin();
    await met;
    expect(await fire.outcome('run')).toMatchObject({ status: 'done', text: 'done' });
    expect(fire.identity.at('responses')).toHaveLength(1);
    await fire.expectSafe();
  });

  it('leaves each living codex its login, also where another run wants that alone, and the provider fails just then', async () => {
    const fire = await Fire.start(1);
    fire.launch('run', { mode: 'broker', isGated: true, attempts: 1 });
    await fire.seen('run', 'turn.started');
    fire.launch('other', { mode: 'file' });
    await fire.seen('other', 'notice'); // that it waits
    await fire.killWorker();
    fire.identity.faults.next('refresh', refusal(500, 'server_error'));
    const given = Date.now();
    await until(() => Date.now() > given + 4_000, 'the end of every access token');
    fire.begin();
    await until(() => fire.identity.at('refresh').at(-1)?.status === 500, 'the failure');
    fire.open('run');
    expect(await fire.outcome('run')).toMatchObject({ status: 'done', turns: 1 });
    expect(await fire.outcome('other')).toMatchObject({ status: 'done' });
    await fire.expectSafe();
  });
});

describe('a login whose plan is used up', { timeout: 200_000 }, () => {
  it.each(['broker', 'file'] as const)('is left for another one of the pool by the next attempt (%s)', async (mode) => {
    const place = await makeSeededPlace();
    const logins = [await place.addLogin('one', { pool: 'team' }), await place.addLogin('two', { pool: 'team' })];
    const [first, second] = logins;
    if (!first || !second) throw new Error('no logins');
    first.account.usage.isExhausted = true;
    const spec = { instructions: '!say hello', seedPool: 'team', seedMode: mode, whenNoSeed: 'refuse' } as const;
    const handle = await place.optio.run(
      { ...spec, workspace: { directory: place.workspace }, model: 'gpt-5.5' },
      { retry: { attempts: 2, backoffMs: 1 } },
    );
    expect(await handle.outcome).toMatchObject({ status: 'done' });
    const { resetsAt } = (await place.optio.listSeeds()).find(({ id }) => id === 'one')?.usage[0] ?? {};
    expect(resetsAt).toBe(new Date(first.account.usage.primaryResetsAt * 1000).toISOString());
    second.account.usage.isExhausted = true;
    const { outcome } = await watchRun(place, spec);
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'turn-failed' } });
    const refused = await watchRun(place, spec);
    expect(refused.outcome).toMatchObject({ status: 'failed', error: { code: 'seed-unavailable' } });
    expect(refused.outcome.error?.message).toContain(resetsAt);
  });
});
