import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  findDescendants,
  findMarked,
  identify,
  isRunning,
  listProcesses,
  readBootId,
  readProcess,
} from '../../src/hosts/processes.ts';
import { testDirectory } from '../support/directories.ts';
import { startFake } from '../support/fakes.ts';
import { until } from '../support/processes.ts';

const ourselves = () => identify(process.pid);

describe('isRunning', () => {
  it('knows a process that runs', () => {
    expect(isRunning(ourselves())).toBe(true);
  });

  it('knows none from another boot', () => {
    expect(isRunning({ ...ourselves(), bootId: 'another' })).toBe(false);
  });

  it('knows none that started at another time', () => {
    const { startTime } = ourselves();
    expect(isRunning({ ...ourselves(), startTime: (startTime ?? 0) + 1 })).toBe(false);
  });

  it('knows none that was gone already when it was looked at', () => {
    expect(isRunning({ ...ourselves(), startTime: null })).toBe(false);
  });

  it('knows none that has ended', async () => {
    const { process } = await startFake('ends-with-its-input.sh');
    process.stdin?.end();
    await process.exited;
    expect(isRunning(process.identity)).toBe(false);
  });

  it('knows none that has ended and was never buried', async () => {
    const { greeting } = await startFake('keeps-a-zombie.sh');
    const pid = Number(greeting.split(' ')[1]);
    await until(() => readProcess(pid)?.isZombie === true);
    expect(isRunning(identify(pid))).toBe(false);
  });
});

describe('identify', () => {
  it('tells boot and start time', () => {
    expect(ourselves()).toEqual({
      pid: process.pid,
      startTime: readProcess(process.pid)?.startTime,
      bootId: readBootId(),
    });
    expect(readBootId()).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells no start time for a pid that nobody has', () => {
    expect(identify(2 ** 30).startTime).toBeNull();
  });
});

describe('readProcess', () => {
  it('is not misled by the name of a program', async () => {
    const program = join(testDirectory(), 'a) Z 1 (b');
    symlinkSync('/bin/sleep', program);
    const child = spawn(program, ['600']);
    await once(child, 'spawn');
    const seen = readProcess(child.pid ?? 0);
    child.kill('SIGKILL');
    expect(seen).toMatchObject({ pid: child.pid, parent: process.pid, isZombie: false });
  });

  it('sees none with a pid that nobody has', () => {
    expect(readProcess(2 ** 30)).toBeUndefined();
  });
});

describe('finding processes', () => {
  it('lists every process once, ourselves too', () => {
    const pids = listProcesses().map(({ pid }) => pid);
    expect(pids).toContain(process.pid);
    expect(new Set(pids).size).toBe(pids.length);
  });

  it('finds descendants of all generations, but not the root itself', async () => {
    const { process: root } = await startFake('forks-into-new-session.sh');
    await until(() => findDescendants(new Set([root.identity.pid])).length === 3);
    const found = findDescendants(new Set([process.pid])).map(({ pid }) => pid);
    expect(found).toContain(root.identity.pid);
    for (const { pid } of findDescendants(new Set([root.identity.pid]))) expect(found).toContain(pid);
    expect(found).not.toContain(process.pid);
  });

  it('finds by a mark only those that carry exactly it', async () => {
    const { process, mark } = await startFake('ends-at-sigterm.ts');
    expect(findMarked(mark).map(({ pid }) => pid)).toEqual([process.identity.pid]);
    expect(findMarked({ ...mark, value: mark.value.slice(0, -1) })).toEqual([]);
    expect(findMarked({ ...mark, name: mark.name.slice(1) })).toEqual([]);
  });
});
