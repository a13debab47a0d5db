import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SESSION_MARK } from '../../src/codex/launch.ts';
import type { ProcessIdentity } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { findMarked, identify, isRunning } from '../../src/hosts/processes.ts';
import { sweepDeadSessions, writeRecord } from '../../src/session/record.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

let runs = 0;

interface Sleeper {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
}

/** A process that a session would leave behind. */
function startSleeper(env: Record<string, string> = {}): Sleeper {
  const child = spawn('sleep', ['3600'], { env: { PATH: process.env.PATH, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, identity: identify(child.pid ?? 0) };
}

async function makeDead(): Promise<ProcessIdentity> {
  const { child, identity } = startSleeper();
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
}

/** Unlike that of any other test, since processes are looked for by it. */
function newRunId(): string {
  return `test-run-${process.pid}-${runs++}`;
}

/** A runs directory with one run in it, whose worker is the one given. */
async function makeRun(worker: ProcessIdentity, codex: ProcessIdentity | null = null, runId = newRunId()) {
  const root = testDirectory('runs');
  const [directory, home] = [subdirectory(root, 'runs', runId), subdirectory(root, 'homes', runId)];
  writeFileSync(join(home, 'left.txt'), 'left');
  const record = { runId, codex, directories: [home], worker };
  writeFileSync(join(directory, 'session.json'), JSON.stringify(record));
  const sweep = () => sweepDeadSessions(new LocalHost(), join(root, 'runs'));
  return { runId, directory, home, sweep };
}

describe('sweepDeadSessions', () => {
  it('ends the codex of a dead worker, and removes what it left', async () => {
    const runId = newRunId();
    const codex = startSleeper({ [SESSION_MARK]: runId });
    const command = startSleeper({ [SESSION_MARK]: runId });
    const run = await makeRun(await makeDead(), codex.identity, runId);
    await expect(run.sweep()).resolves.toEqual([{ runId }]);
    expect([codex, command].map(({ identity }) => isRunning(identity))).toEqual([false, false]);
    expect([run.directory, run.home].map((path) => existsSync(path))).toEqual([false, false]);
  });

  it('ends what carries the mark of a run whose codex was not written down yet', async () => {
    const runId = newRunId();
    startSleeper({ [SESSION_MARK]: runId });
    const run = await makeRun(await makeDead(), null, runId);
    await expect(run.sweep()).resolves.toEqual([{ runId }]);
    expect(findMarked({ name: SESSION_MARK, value: runId })).toEqual([]);
  });

  it('ends parts of the sandbox too, which have no mark but a PATH into the home of the run', async () => {
    const run = await makeRun(await makeDead());
    const part = startSleeper({ PATH: `${run.directory}/codex/tmp/arg0-linux/codex-arg0x:${process.env.PATH}` });
    const other = startSleeper({ PATH: `${run.directory}x/codex/tmp/arg0-linux/codex-arg0x:${process.env.PATH}` });
    await run.sweep();
    expect([part, other].map(({ identity }) => isRunning(identity))).toEqual([false, true]);
  });

  it('leaves the session of a living worker alone', async () => {
    const runId = newRunId();
    const codex = startSleeper({ [SESSION_MARK]: runId });
    const run = await makeRun(startSleeper().identity, codex.identity, runId);
    await expect(run.sweep()).resolves.toEqual([]);
    expect(isRunning(codex.identity)).toBe(true);
    expect(existsSync(run.directory)).toBe(true);
  });

  it('leaves a process alone that only has the pid of the old codex', async () => {
    const bystander = startSleeper();
    const run = await makeRun(await makeDead(), { ...bystander.identity, startTime: 1 });
    await run.sweep();
    expect(isRunning(bystander.identity)).toBe(true);
  });

  it('takes a worker from before the machine was started for dead', async () => {
    const run = await makeRun({ ...identify(process.pid), bootId: 'before' });
    await expect(run.sweep()).resolves.toEqual([{ runId: run.runId }]);
  });

  it.each(['{"runId":', '{}', 'null'])('leaves a run alone whose record is %s', async (text) => {
    const run = await makeRun(await makeDead());
    writeFileSync(join(run.directory, 'session.json'), text);
    await expect(run.sweep()).resolves.toEqual([]);
    expect(existsSync(run.directory)).toBe(true);
  });

  it('has nothing to do where no run ever was', async () => {
    await expect(sweepDeadSessions(new LocalHost(), join(testDirectory(), 'gone'))).resolves.toEqual([]);
  });
});

describe('writeRecord', () => {
  it('names this process as the worker, so that its sessions are not swept', async () => {
    const run = await makeRun(await makeDead());
    await writeRecord(new LocalHost(), run.directory, { runId: run.runId, codex: null, directories: [] });
    await expect(run.sweep()).resolves.toEqual([]);
  });
});
