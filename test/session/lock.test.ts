import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { identify } from '../../src/hosts/processes.ts';
import { cameBefore, type LockOptions, lockWorkspace, readOwners, type WorkspaceLock } from '../../src/session/lock.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';

function lock(directory: string, runId: string, options: Partial<LockOptions> = {}): Promise<WorkspaceLock> {
  return lockWorkspace({ directory, path: '/repo/space', runId, isShared: false, ...options });
}

const namesOf = ({ others }: WorkspaceLock) => others.map((other) => other.runId);
const isFirst = ({ owner, others }: WorkspaceLock) => !others.some((other) => cameBefore(other, owner));

/** A note that somebody else has left. */
function leaveNote(directory: string, note: object): void {
  const process_ = identify(process.pid);
  const whole = {
    path: '/repo/space',
    runId: 'other',
    isShared: false,
    since: '',
    number: 1,
    process: process_,
    ...note,
  };
  writeFileSync(join(directory, 'note.json'), JSON.stringify(whole));
}

afterEach(() => void vi.useRealTimers());

describe('lockWorkspace', () => {
  it.each([
    ['in the same directory', '/repo/space', true],
    ['above it', '/repo', true],
    ['below it', '/repo/space/deep/down', true],
    ['beside it', '/repo/other', false],
    ['in one whose name begins the same', '/repo/space-2', false],
  ])('tells of somebody who works %s: %s', async (_where, path, isSeen) => {
    const directory = testDirectory('locks');
    await lock(directory, 'run-1', { path });
    expect(namesOf(await lock(directory, 'run-2'))).toEqual(isSeen ? ['run-1'] : []);
  });

  it('tells of somebody who shares it that he does', async () => {
    const directory = testDirectory('locks');
    await lock(directory, 'run-1', { isShared: true });
    expect((await lock(directory, 'run-2')).others).toMatchObject([{ runId: 'run-1', isShared: true }]);
  });

  it('forgets whoever has released it, and nobody else', async () => {
    const directory = testDirectory('locks');
    const first = await lock(directory, 'run-1');
    await lock(directory, 'run-2');
    await first.release();
    await first.release();
    expect(namesOf(await lock(directory, 'run-3'))).toEqual(['run-2']);
  });

  it('takes the place of what an earlier attempt of the same run left', async () => {
    const directory = testDirectory('locks');
    await lock(directory, 'run-1');
    expect(isFirst(await lock(directory, 'run-1'))).toBe(true);
    await expect(readOwners(directory)).resolves.toHaveLength(1);
  });

  it('puts whoever comes later behind, although the clock was set back', async () => {
    const directory = testDirectory('locks');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 1, 2) });
    const first = await lock(directory, 'run-b');
    vi.setSystemTime(Date.UTC(2026, 1, 1));
    const second = await lock(directory, 'run-a');
    expect([first, second].map(isFirst)).toEqual([true, false]);
  });

  it('agrees on one who was first, when many begin at once', async () => {
    for (let round = 0; round < 20; round++) {
      const directory = testDirectory('locks');
      const locks = await Promise.all(['a', 'b', 'c', 'd'].map((name) => lock(directory, name)));
      expect(locks.filter(isFirst)).toHaveLength(1);
    }
  });

  it('waits for somebody who is drawing his number', async () => {
    const directory = testDirectory('locks');
    leaveNote(directory, { number: null });
    const locked = lock(directory, 'run-1');
    const hasDrawn = () =>
      readdirSync(directory).some((name) => readFileSync(join(directory, name)).includes('"number":1'));
    await until(hasDrawn, 'the own number');
    leaveNote(directory, { number: 1 });
    expect((await locked).others).toMatchObject([{ runId: 'other', number: 1 }]);
  });

  it('keeps its notes to itself', async () => {
    const directory = join(testDirectory('locks'), 'made');
    await lock(directory, 'run-1');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const names = readdirSync(directory);
    expect(names.map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o600]);
  });
});

describe('readOwners', () => {
  it('knows nobody where there are no notes', async () => {
    await expect(readOwners(join(testDirectory(), 'gone'))).resolves.toEqual([]);
  });

  it('takes the note of a process that has ended for void, and removes it', async () => {
    const directory = testDirectory('locks');
    const child = spawn('sleep', ['3600']);
    const identity = identify(child.pid ?? 0);
    leaveNote(directory, { process: identity });
    await expect(readOwners(directory)).resolves.toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect(readOwners(directory)).resolves.toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each<[string, object]>([
    ['from before the machine was started', { process: { ...identify(process.pid), bootId: 'before' } }],
    ['of a process whose pid is used again', { process: { ...identify(process.pid), startTime: 1 } }],
    ['that is none', { path: 7 }],
  ])('takes a note %s for void', async (_what, note) => {
    const directory = testDirectory('locks');
    leaveNote(directory, note);
    await expect(readOwners(directory)).resolves.toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves a note alone that is still being written', async () => {
    const directory = testDirectory('locks');
    writeFileSync(join(directory, 'note.json.4711'), '{"path":');
    await readOwners(directory);
    expect(readdirSync(directory)).toEqual(['note.json.4711']);
  });
});

describe('cameBefore', () => {
  it('puts whoever never drew his number first: nobody knows what he does', async () => {
    const { owner } = await lock(testDirectory('locks'), 'run-1');
    const stopped = { ...owner, runId: 'run-2', number: null };
    expect(cameBefore(stopped, owner)).toBe(true);
    expect(cameBefore(owner, stopped)).toBe(false);
  });
});
