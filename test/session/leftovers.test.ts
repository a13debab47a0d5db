import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sessionMark } from '../../src/codex/launch.ts';
import { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { identify, isRunning } from '../../src/hosts/processes.ts';
import { sweepLeftovers } from '../../src/session/leftovers.ts';
import { testDirectory } from '../support/directories.ts';

let runs = 0;

interface LeftSession {
  readonly runId: string;
  readonly runs: string;
  readonly directories: { readonly data: string; readonly workspaces: string };
  /** Its private directories, and the workspace. */
  readonly own: readonly string[];
  readonly workspace: string;
  start(env: (mark: ReturnType<typeof sessionMark>) => Record<string, string>): ChildProcess;
}

/** What somebody has left who died. */
function leaveSession(): LeftSession {
  const root = testDirectory('leftovers');
  const runId = `test-run-${process.pid}-${runs++}`; // unlike any other, since processes are looked for by it
  const directories = { data: join(root, 'data'), workspaces: join(root, 'workspaces') };
  const place = join(directories.data, 'runs');
  const own = [join(place, runId), join(directories.workspaces, '.homes', runId)];
  const workspace = join(directories.workspaces, runId);
  for (const directory of [join(place, runId, 'codex'), ...own, workspace]) mkdirSync(directory, { recursive: true });
  const mark = sessionMark(runId, join(place, runId, 'codex'));
  return {
    runId,
    runs: place,
    directories,
    own,
    workspace,
    start(env) {
      const child = spawn('sleep', ['3600'], { env: { PATH: process.env.PATH, ...env(mark) } });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    },
  };
}

const nobody = { host: new LocalHost(), isKept: () => false };

describe('what is left of a session', () => {
  it('is ended and removed, but for its workspace', async () => {
    const left = leaveSession();
    const child = left.start(({ name, value }) => ({ [name]: value }));
    const exit = once(child, 'exit');
    expect(await sweepLeftovers({ ...nobody, ...left })).toEqual([]);
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(left.own.filter(existsSync)).toEqual([]);
    expect(existsSync(left.workspace)).toBe(true);
  });

  it('is ended too where it has no mark but a PATH into the home of the run', async () => {
    const left = leaveSession();
    const child = left.start(({ pathEntry }) => ({ PATH: `${pathEntry}/codex-arg0abc:/usr/bin:/bin` }));
    const exit = once(child, 'exit');
    await sweepLeftovers({ ...nobody, ...left });
    expect(await exit).toEqual([null, 'SIGKILL']);
  });

  it('stays where somebody goes on with it', async () => {
    const left = leaveSession();
    const child = left.start(({ name, value }) => ({ [name]: value }));
    await sweepLeftovers({ ...nobody, ...left, isKept: (runId) => runId === left.runId });
    expect(isRunning(identify(child.pid ?? 0))).toBe(true);
    expect(left.own.filter(existsSync)).toEqual(left.own);
  });

  it('is tried again the next time when it cannot be removed, and holds up nothing else', async () => {
    const left = leaveSession();
    class Stuck extends LocalHost {
      override async removeDirectory(): Promise<void> {
        throw new OptioError('path-refused', 'something is mounted there');
      }
    }
    expect(await sweepLeftovers({ ...nobody, ...left, host: new Stuck() })).toMatchObject([{ code: 'path-refused' }]);
    await sweepLeftovers({ ...nobody, ...left });
    expect(left.own.filter(existsSync)).toEqual([]);
  });

  it('is nothing where there was no run yet', async () => {
    const left = leaveSession();
    expect(await sweepLeftovers({ ...nobody, ...left, runs: join(left.runs, 'nowhere') })).toEqual([]);
  });
});
