import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { withGateToken } from '../../src/seeds/gate-token.ts';
import { RunLogins } from '../../src/session/run-logins.ts';
import type { LentFile, LentSeed } from '../../src/task/logins.ts';
import { asFile, brokerPlace, isSettled } from '../support/broker.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { GateVisitor } from '../support/gate.ts';
import { until } from '../support/processes.ts';
import { refuse } from '../support/scripted-provider.ts';

const signal = new AbortController().signal;
const wish = { choices: [{ seed: 'work' }], whenNone: 'wait' } as const;

/** What a run has written down whose codex was started with the seed. */
function checkpointOf(mode: 'broker' | 'file', more: object = {}) {
  const prepared = {
    workspace: { path: '/w', kind: 'directory' },
    codexHome: '/h',
    commandHome: '/c',
    access: { denied: [], writable: [], readable: [] },
    configText: '',
  };
  return { attempt: 1, prepared, seed: { id: 'work', mode }, codex: { pid: 1, startTime: 1, bootId: 'b' }, ...more };
}

async function heldFor(left: { readonly id: string; readonly attempt: number; readonly checkpoint: unknown }) {
  const place = await brokerPlace();
  await place.add(undefined, 'work');
  const runs = testDirectory('runs');
  const { broker, clock } = place;
  const logins = new RunLogins({ broker, clock, runs, host: new LocalHost() });
  return { ...place, logins, runs, hold: () => logins.hold([left]) };
}

describe('what runs have when a process begins', () => {
  it('is held for one whose codex may live with short-lived tokens, before another has the login alone', async () => {
    const { logins, hold } = await heldFor({ id: 'run-1', attempt: 1, checkpoint: checkpointOf('broker') });
    await hold();
    const other = logins.of('run-2').lend({ ...wish, mode: 'file' }, signal);
    const own = await logins.of('run-1').lend({ ...wish, resumes: 'work' }, signal);
    expect(own).toMatchObject({ seedId: 'work', mode: 'broker' });
    expect(await isSettled(other)).toBe(false);
    await own.release();
    expect((await other).mode).toBe('file');
    await (await other).release();
  });

  it('is given to it also while the provider gives no token', async () => {
    const { logins, hold, provider, clock } = await heldFor({
      id: 'run-1',
      attempt: 1,
      checkpoint: checkpointOf('broker'),
    });
    provider.always = () => refuse(500, 'server_error');
    clock.sleep(3_600_000);
    await hold();
    const own = await logins.of('run-1').lend({ ...wish, resumes: 'work' }, signal);
    expect(own.mode).toBe('broker');
    await own.release();
  });

  it.each([
    ['another attempt has begun since', { id: 'run-1', attempt: 2, checkpoint: checkpointOf('broker') }],
    ['no codex was started', { id: 'run-1', attempt: 1, checkpoint: checkpointOf('broker', { codex: undefined }) }],
    ['there is nothing written down', { id: 'run-1', attempt: 1, checkpoint: null }],
  ])('is not held where %s', async (_why, left) => {
    const { logins, hold } = await heldFor(left);
    await hold();
    const other: LentSeed = await logins.of('run-2').lend({ ...wish, mode: 'file' }, signal);
    expect(other.mode).toBe('file');
    await other.release();
  });

  it('is given back at the end where nobody has come for it', async () => {
    const { logins, hold, seeds, runs, provider } = await heldFor({ id: 'run-1', attempt: 1, checkpoint: null });
    const home = subdirectory(runs, 'run-1', 'codex');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(runs, 'run-1', 'seed.json'), JSON.stringify({ seedId: 'work' }));
    writeFileSync(join(home, 'auth.json'), provider.login('acct-work'));
    await hold();
    expect((await seeds.find('work')).lease).toMatchObject({ holder: 'run-1' });
    await logins.close();
    expect((await seeds.find('work')).lease).toBeNull();
  });

  it('is known at the gate for one whose codex may live with it, before that is open, and however long its login takes', async () => {
    const { logins, hold, runs, provider, seeds, broker } = await heldFor({
      id: 'run-1',
      attempt: 1,
      checkpoint: null,
    });
    const before = asFile(await broker.lend('run-1', { ...wish, mode: 'file' }, signal));
    const visitor = new GateVisitor(before);
    visitor.pass = await before.admit(visitor.holds);
    await before.release();
    const home = subdirectory(runs, 'run-1', 'codex');
    mkdirSync(home, { recursive: true });
    const { token, port } = visitor.pass;
    writeFileSync(join(runs, 'run-1', 'seed.json'), JSON.stringify({ seedId: 'work', version: 1, port }));
    writeFileSync(join(home, 'auth.json'), withGateToken(before.auth, token));
    await hold();
    const other = logins.of('run-2').lend({ ...wish, mode: 'file' }, signal);
    expect((await visitor.ask()).status).toBe(200);
    expect(provider.refreshed).toHaveLength(1);
    expect(await isSettled(other)).toBe(false);
    const own = await logins.of('run-1').lend({ ...wish, resumes: 'work' }, signal);
    expect(own).toMatchObject({ mode: 'file', version: 2 });
    await own.release();
    expect((await other).mode).toBe('file');
    await (await other).release();
    expect((await seeds.find('work')).version).toBe(2);
  });

  it('is not waited for by a run that is to end, and is given back when it comes', async () => {
    const { logins, hold, broker } = await heldFor({ id: 'run-1', attempt: 1, checkpoint: checkpointOf('broker') });
    const held = await broker.lend('run-1', wish, signal);
    const slow = Promise.withResolvers<typeof held>(); // a refresh of it is under way
    vi.spyOn(broker, 'lend').mockReturnValueOnce(slow.promise);
    await hold();
    const over = new AbortController();
    const own = logins.of('run-1').lend({ ...wish, resumes: 'work' }, over.signal);
    expect(await isSettled(own)).toBe(false);
    over.abort(new Error('the run is cancelled'));
    await expect(own).rejects.toThrow('cancelled');
    await logins.of('run-1').end();
    slow.resolve(held);
    await until(() => held.isReleased, 'it to be given back');
  });

  it('is given back where its run ends without having asked for it', async () => {
    const { logins, hold } = await heldFor({ id: 'run-1', attempt: 1, checkpoint: checkpointOf('broker') });
    await hold();
    const other = logins.of('run-2').lend({ ...wish, mode: 'file' }, signal);
    expect(await isSettled(other)).toBe(false);
    await logins.of('run-1').end();
    await (await other).release();
  });
});

describe('a login that a run shares', () => {
  it('is lent to what it has begun, and to what that has begun, before somebody who waits to have it alone', async () => {
    const { logins } = await heldFor({ id: 'run-1', attempt: 1, checkpoint: null });
    const parent = await logins.of('run-1').lend(wish, signal);
    const alone = logins.of('run-2').lend({ ...wish, mode: 'file' }, signal);
    expect(await isSettled(alone)).toBe(false);
    const child = logins.of('run-3', 'run-1');
    const grandchild = logins.of('run-4', 'run-3').lend(wish, signal);
    expect(await isSettled(grandchild)).toBe(true);
    await (await grandchild).release();
    await child.end();
    const late = logins.of('run-4').lend(wish, signal); // nobody waits for it any more
    expect(await isSettled(late)).toBe(false);
    await parent.release();
    await (await alone).release();
    await (await late).release();
  });
});

describe('a login in the home of a codex', () => {
  it('is lent to nobody else until what has become of it is saved', async () => {
    const { logins, seeds, provider } = await heldFor({ id: 'run-1', attempt: 1, checkpoint: null });
    const own = await logins.of('run-1').lend({ ...wish, mode: 'file' }, signal);
    const other = logins.of('run-2').lend({ ...wish, mode: 'file' }, signal);
    await logins.of('run-1').end(); // it was not given back, since it could not be saved
    expect(await isSettled(other)).toBe(false);
    expect(await logins.of('run-1').lend({ choices: [{ pool: 'team' }], whenNone: 'wait' }, signal)).toBe(own);
    const auth = provider.login('acct-work');
    await logins.of('run-1').saveLeft({ seedId: 'work', auth, version: 1 });
    expect((await other) as LentFile).toMatchObject({ version: 2, auth });
    expect((await seeds.find('work')).version).toBe(2);
    await (await other).release();
  });

  it('that was left is saved by its version, whatever the clocks say, and by the time where another came between', async () => {
    const { logins, seeds, provider } = await heldFor({ id: 'run-1', attempt: 1, checkpoint: null });
    const at = (time: string) => JSON.stringify({ ...JSON.parse(provider.login('acct-work')), last_refresh: time });
    const [old, older] = [at('2001-01-01T00:00:00Z'), at('2000-01-01T00:00:00Z')];
    await logins.of('run-1').saveLeft({ seedId: 'work', auth: old, version: 1 });
    expect((await seeds.find('work')).version).toBe(2);
    const left = { seedId: 'work', auth: older, version: 1 };
    expect((await failureOf(logins.of('run-1').saveLeft(left))).code).toBe('seed-changed');
    expect(await logins.of('run-1').saveLeft({ ...left, version: 2 })).toEqual({ isNew: true, version: 3 });
    expect((await seeds.find('work')).version).toBe(3);
  });
});
