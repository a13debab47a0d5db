import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { saveLeftLogin } from '../../src/session/planted-login.ts';
import { RunLogins } from '../../src/session/run-logins.ts';
import type { LentFile } from '../../src/task/logins.ts';
import { secretsOf } from '../support/auth.ts';
import { brokerPlace, isSettled } from '../support/broker.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { until } from '../support/processes.ts';

const host = new LocalHost();
const signal = new AbortController().signal;
const wish = { choices: [{ seed: 'work' }], whenNone: 'wait', mode: 'file' } as const;
/** As long as it is waited between two tries at most, in milliseconds. */
const LONGEST_MS = 300_000;

/** A run whose codex has renewed its login and is gone. */
async function place() {
  const parts = await brokerPlace();
  const { broker, clock, seeds, provider } = parts;
  await parts.add(undefined, 'work');
  const runs = testDirectory('late');
  const logins = new RunLogins({ broker, clock, runs, host });
  const home = subdirectory(runs, 'run-1', 'codex');
  mkdirSync(home, { recursive: true });
  const file = join(home, 'auth.json');
  const renewed = provider.login('acct-work');
  writeFileSync(join(runs, 'run-1', 'seed.json'), JSON.stringify({ seedId: 'work', version: 1 }));
  writeFileSync(file, renewed);
  const saves = vi.spyOn(seeds, 'save');
  const full = () => saves.mockRejectedValueOnce(new OptioError('store-full', 'there is no space left'));
  /** What the last step of a run does, and its removal. */
  const end = (onGivenUp?: (error: OptioError) => void) =>
    saveLeftLogin(host, join(runs, 'run-1'), logins.of('run-1'), onGivenUp);
  const left = () => readFileSync(file, 'utf8');
  const lendOwn = async () => (await logins.of('run-1').lend(wish, signal)) as LentFile;
  return { ...parts, logins, renewed, file, saves, full, end, left, lendOwn };
}

type Place = Awaited<ReturnType<typeof place>>;

/** Somebody logs in anew while the run is about to end, once its lease is lost. */
async function newerLogin({ seeds, clock, provider }: Place): Promise<void> {
  clock.sleep(3_600_000);
  const other = await seeds.lease({ of: { seed: 'work' }, holder: 'other' });
  const { version: replaces } = await seeds.read(other);
  await seeds.save(other, { files: { 'auth.json': provider.login('acct-work') }, replaces });
  await other.release();
}

describe('a login that could not be saved at the end of a run', () => {
  it('is saved once nobody else has the seed any more, and does not lie there in clear then', async () => {
    const { seeds, clock, end, left, renewed } = await place();
    const other = await seeds.lease({ of: { seed: 'work' }, holder: 'other' });
    expect((await failureOf(end())).code).toBe('seed-unavailable');
    const held = clock.waiting;
    for (let times = 0; times < 3; times++) {
      await clock.pass(LONGEST_MS);
      await until(() => clock.waiting === held, 'the next time that it is tried');
    }
    expect([(await seeds.find('work')).version, left()]).toEqual([1, renewed]);
    await other.release();
    await clock.pass(LONGEST_MS);
    await until(() => left() === '{}\n' && clock.waiting === 0, 'the login to be saved');
    expect(await seeds.find('work')).toMatchObject({ version: 2, lease: null });
  });

  it('is saved under the lease that its run had, which nobody gets before', async () => {
    const { seeds, logins, clock, end, full, lendOwn, left, saves } = await place();
    await lendOwn();
    full();
    full();
    expect((await failureOf(end())).code).toBe('store-full');
    await logins.of('run-1').end();
    const other = logins.of('run-2').lend(wish, signal);
    await clock.pass(2_000); // the third would come later
    await until(() => saves.mock.calls.length === 2, 'the second try');
    expect([await isSettled(other), (await seeds.find('work')).version]).toEqual([false, 1]);
    await clock.pass(LONGEST_MS);
    expect((await other) as LentFile).toMatchObject({ version: 2 });
    await until(() => left() === '{}\n', 'the file to be emptied');
    await (await other).release();
  });

  it('is saved under another lease where that is lost', async () => {
    const { seeds, clock, end, lendOwn, left } = await place();
    const own = await lendOwn();
    clock.sleep(3_600_000);
    const other = await seeds.lease({ of: { seed: 'work' }, holder: 'other' });
    await clock.pass(0);
    expect(own.lost.aborted).toBe(true);
    expect((await failureOf(end())).code).toBe('seed-unavailable');
    await other.release();
    await clock.pass(LONGEST_MS);
    await until(() => left() === '{}\n', 'the login to be saved');
    expect((await seeds.find('work')).version).toBe(2);
  });

  it.each([
    ['the seed is removed', 'there is no seed', async ({ seeds }) => seeds.purge('work', { force: true })],
    ['it has a newer login', 'has a newer login', newerLogin],
    [
      'it is of another account',
      'of somebody else',
      async ({ file, provider }) => writeFileSync(file, provider.login('acct-other')),
    ],
    ['nobody is logged in any more', 'no whole login', async ({ file }) => writeFileSync(file, '{}\n')],
  ] satisfies [string, string, (there: Place) => Promise<void>][])(
    'is given up where %s, which is told as a warning, and the seed is lent to others',
    async (_why, said, change) => {
      const warnings = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
      onTestFinished(() => warnings.mockRestore());
      const there = await place();
      const { seeds, clock, end, full, lendOwn } = there;
      await lendOwn();
      full();
      expect((await failureOf(end())).code).toBe('store-full');
      await change(there);
      await clock.pass(LONGEST_MS);
      await until(() => warnings.mock.calls.length > 0, 'the warning');
      await until(() => clock.waiting === 0, 'nothing to be tried, and no lease to be renewed');
      const [seed] = await seeds.list();
      expect(seed?.lease ?? null).toBeNull();
      const told = expect.stringMatching(new RegExp(`^the login that the run run-1 has left is given up: .*${said}`));
      expect(warnings.mock.calls).toEqual([[told, 'OptioLoginWarning']]);
      for (const secret of secretsOf(there.renewed)) expect(String(warnings.mock.calls)).not.toContain(secret);
    },
  );

  it('keeps the seed from nobody where it is of another account, and is kept aside', async () => {
    const { seeds, clock, end, lendOwn, file, provider } = await place();
    await lendOwn();
    const stranger = provider.login('acct-other');
    writeFileSync(file, stranger);
    const told: string[] = [];
    await end(({ message }) => told.push(message));
    expect([(await seeds.find('work')).lease, clock.waiting]).toEqual([null, 0]);
    expect(told).toEqual([expect.stringContaining('it is kept, encrypted, in seeds/unused')]);
    expect(await seeds.unused.of('work')).toMatchObject([{ version: 1, auth: stranger }]);
  });

  it('is left to the next attempt of its run', async () => {
    const { clock, end, full, lendOwn, left, renewed } = await place();
    const own = await lendOwn();
    const { waiting } = clock;
    full();
    await end().catch(() => {});
    expect(clock.waiting).toBe(waiting + 1);
    expect(await lendOwn()).toBe(own);
    expect([clock.waiting, left()]).toEqual([waiting, renewed]);
    await own.release();
  });

  it('is not tried any more once this process ends, which does not wait for it', async () => {
    const { logins, clock, end, full, lendOwn, saves, left, renewed } = await place();
    const own = await lendOwn();
    const { waiting } = clock;
    full();
    await end().catch(() => {});
    const { promise, reject } = Promise.withResolvers<never>();
    saves.mockReturnValueOnce(promise);
    await clock.pass(2_000);
    await until(() => saves.mock.calls.length === 2, 'the second try');
    await logins.close();
    reject(new OptioError('store-full', 'there is no space left'));
    await isSettled(promise);
    expect([clock.waiting, left()]).toEqual([waiting, renewed]);
    await own.release();
  });
});
