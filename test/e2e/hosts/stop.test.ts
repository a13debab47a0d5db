import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findDescendants, findMarked, identify, isRunning, readProcess } from '../../../src/hosts/processes.ts';
import { stopProcess, sweepMarked } from '../../../src/hosts/stop.ts';
import { startFake } from '../../support/fakes.ts';
import { until } from '../../support/processes.ts';

describe('the ladder that ends a process', () => {
  it('needs nothing for one that has ended by itself', async () => {
    const { process } = await startFake('ends-with-its-input.sh');
    process.stdin?.end();
    await process.exited;
    await expect(process.stop()).resolves.toEqual({ by: 'exit', swept: 0 });
  });

  it('begins with the end of its input', async () => {
    const { process } = await startFake('ends-with-its-input.sh');
    await expect(process.stop()).resolves.toEqual({ by: 'input', swept: 0 });
    await expect(process.exited).resolves.toEqual({ exitCode: 0, signal: null });
  });

  it('goes on with SIGTERM when the end of its input is not heard', async () => {
    const { process, mark } = await startFake('ends-at-sigterm.ts');
    const { identity, stdin } = process;
    const report = stopProcess({ identity, mark, closeInput: () => stdin?.end(), patience: { input: 30 } });
    await expect(report).resolves.toEqual({ by: 'SIGTERM', swept: 0 });
    await expect(process.exited).resolves.toEqual({ exitCode: 0, signal: null });
  });

  it('begins with SIGTERM for one without input', async () => {
    const { process } = await startFake('ends-at-sigterm.ts', { output: 'file' });
    await expect(process.stop()).resolves.toEqual({ by: 'SIGTERM', swept: 0 });
  });

  it('sends SIGTERM a second time, for a codex that only finishes its turn at the first', async () => {
    const { process } = await startFake('ends-at-second-sigterm.ts', { output: 'file' });
    await expect(process.stop()).resolves.toEqual({ by: 'SIGTERM', swept: 0 });
    await expect(process.exited).resolves.toEqual({ exitCode: 2, signal: null });
  });

  it('ends with SIGKILL', async () => {
    const { process, mark } = await startFake('ignores-sigterm.ts', { output: 'file' });
    const patience = { firstTerm: 30, secondTerm: 30 };
    const report = stopProcess({ identity: process.identity, mark, patience });
    await expect(report).resolves.toEqual({ by: 'SIGKILL', swept: 0 });
    await expect(process.exited).resolves.toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('goes to SIGKILL at once for one that is stopped, and would not hear of SIGTERM', async () => {
    const { process: stopped } = await startFake('ends-at-sigterm.ts', { output: 'file' });
    process.kill(stopped.identity.pid, 'SIGSTOP');
    await until(() => readProcess(stopped.identity.pid)?.isStopped === true, 'the stop');
    await expect(stopped.stop()).resolves.toEqual({ by: 'SIGKILL', swept: 0 });
  });

  it('is gone down once, however often it is asked for', async () => {
    const { process } = await startFake('ends-with-its-input.sh');
    const [first, second] = await Promise.all([process.stop(), process.stop()]);
    expect(first).toEqual({ by: 'input', swept: 0 });
    expect(second).toBe(first);
  });
});

describe('what a process leaves behind', () => {
  it('is killed, in whatever session it is', async () => {
    const { process, mark } = await startFake('forks-into-new-session.sh', { output: 'file' });
    // The two in sessions of their own, and the child of one of them.
    await until(() => findDescendants(new Set([process.identity.pid])).length === 3);
    await expect(process.stop()).resolves.toEqual({ by: 'SIGTERM', swept: 3 });
    expect(findMarked(mark)).toEqual([]);
  });

  it('is killed without a mark too, as long as its parents lived when the stop began', async () => {
    const { process } = await startFake('forks-into-new-session.sh', { isMarked: false });
    const family = () => findDescendants(new Set([process.identity.pid]));
    await until(() => family().length === 3);
    const members = family();
    await stopProcess({ identity: process.identity, mark: undefined });
    const alive = members.filter(({ pid, startTime }) => isRunning({ ...process.identity, pid, startTime }));
    expect(alive).toEqual([]);
  });

  it('is found by its mark when nothing else leads to it', async () => {
    const { process, mark } = await startFake('leaves-double-forked-orphans.sh', { output: 'file' });
    await until(() => findMarked(mark).length === 3);
    await expect(process.stop()).resolves.toEqual({ by: 'SIGTERM', swept: 2 });
    expect(findMarked(mark)).toEqual([]);
  });

  it('is found by its mark when its parent was killed long ago', async () => {
    const { process: parent, mark } = await startFake('leaves-double-forked-orphans.sh');
    await until(() => findMarked(mark).length === 3);
    process.kill(parent.identity.pid, 'SIGKILL');
    await parent.exited;
    await expect(sweepMarked(mark)).resolves.toBe(2);
    expect(findMarked(mark)).toEqual([]);
  });

  it('is found by its mark from another worker, which has only the record of a dead process', async () => {
    const { process: parent, mark } = await startFake('leaves-double-forked-orphans.sh');
    await until(() => findMarked(mark).length === 3);
    process.kill(parent.identity.pid, 'SIGKILL');
    await parent.exited;
    const report = stopProcess({ identity: parent.identity, mark });
    await expect(report).resolves.toEqual({ by: 'exit', swept: 2 });
  });

  it('is found by its mark when that shows only after a look that has found nobody', async () => {
    const mark = { name: 'OPTIO_TEST_MARK', value: randomUUID() };
    const swept = sweepMarked(mark);
    // As good as one that was between two programs, when the environment of a process is empty.
    const late = spawn('sleep', ['600'], { env: { ...process.env, [mark.name]: mark.value }, stdio: 'ignore' });
    onTestFinished(() => void late.kill('SIGKILL'));
    await expect(swept).resolves.toBe(1);
    expect(findMarked(mark)).toEqual([]);
  });

  it('stays when it has neither a parent that lived when the stop began nor an environment', async () => {
    const { process: parent, greeting } = await startFake('hides-from-sweeps.sh');
    const hidden = identify(Number(greeting.split(' ')[1]));
    onTestFinished(() => void process.kill(hidden.pid, 'SIGKILL'));
    await expect(parent.stop()).resolves.toMatchObject({ swept: 0 });
    expect(isRunning(hidden), 'docs/security.md says so, under full access').toBe(true);
  });

  it('is not confused with what has another mark', async () => {
    const { process, mark } = await startFake('forks-into-new-session.sh');
    await expect(sweepMarked({ ...mark, value: mark.value.slice(0, -1) })).resolves.toBe(0);
    expect(isRunning(process.identity)).toBe(true);
  });
});

describe('a process that merely has the pid of the one to end', () => {
  it('is not touched when it started at another time', async () => {
    const { process } = await startFake('forks-into-new-session.sh');
    await until(() => findDescendants(new Set([process.identity.pid])).length === 3);
    const former = { ...process.identity, startTime: (process.identity.startTime ?? 0) - 1 };
    await expect(stopProcess({ identity: former, mark: undefined })).resolves.toEqual({ by: 'exit', swept: 0 });
    expect(isRunning(process.identity)).toBe(true);
    expect(findDescendants(new Set([process.identity.pid]))).toHaveLength(3);
  });

  it('is not touched when the machine was started anew', async () => {
    const { process } = await startFake('ends-at-sigterm.ts');
    const former = { ...process.identity, bootId: '00000000-0000-0000-0000-000000000000' };
    await expect(stopProcess({ identity: former, mark: undefined })).resolves.toEqual({ by: 'exit', swept: 0 });
    expect(isRunning(process.identity)).toBe(true);
  });

  it('is swept like any other when it carries the mark itself', async () => {
    const { process, mark } = await startFake('ends-at-sigterm.ts');
    const former = { ...process.identity, startTime: (process.identity.startTime ?? 0) - 1 };
    await expect(stopProcess({ identity: former, mark })).resolves.toEqual({ by: 'exit', swept: 1 });
    expect(isRunning(process.identity)).toBe(false);
  });
});
