import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { RunLogins } from '../../src/session/run-logins.ts';
import type { LentSeed } from '../../src/task/logins.ts';
import { brokerPlace, isSettled } from '../support/broker.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
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
  const logins = new RunLogins(place.broker);
  const runs = testDirectory('runs');
  return { ...place, logins, runs, hold: () => logins.hold(new LocalHost(), runs, [left]) };
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
});
