import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ProcessIdentity, ProcessSpec } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { findMarked, isRunning, readBootId } from '../../src/hosts/processes.ts';
import { sweepMarked } from '../../src/hosts/stop.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { FAKE_ENV, fakePath, startFake } from '../support/fakes.ts';
import { until } from '../support/processes.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Starts a command whose output goes to a file, and stops it with the test. */
async function startLogged(script: string, more: Partial<ProcessSpec> = {}) {
  const cwd = testDirectory('local');
  const file = join(cwd, 'output.log');
  const command = ['sh', '-c', script] as const;
  const process = await new LocalHost().start({ command, cwd, env: FAKE_ENV, output: { file }, ...more });
  onTestFinished(async () => {
    await process.stop();
  });
  return { process, file };
}

it('describes this machine, with the home that it was given', async () => {
  const home = testDirectory();
  await expect(new LocalHost({ home }).describe()).resolves.toMatchObject({
    platform: process.platform,
    arch: process.arch,
    home,
    user: userInfo().username,
    uid: userInfo().uid,
    gids: expect.arrayContaining([userInfo().gid]),
    bootId: readBootId(),
  });
});

describe('a process with streams', () => {
  it('talks with us over them', async () => {
    const { process } = await startFake('repeats-its-input.sh');
    process.stdin?.write('hello\n');
    const [answer] = await once(process.stdout ?? expect.fail('no stdout'), 'data');
    expect(answer).toBe('hello\n');
  });

  it('takes and gives lines of 200 kB, one after the other (C16)', async () => {
    const { process } = await startFake('repeats-its-input.sh');
    const lines = createInterface({ input: process.stdout ?? expect.fail('no stdout') })[Symbol.asyncIterator]();
    for (const letter of 'abc') {
      const line = letter.repeat(200_000);
      process.stdin?.write(`${line}\n`);
      expect((await lines.next()).value === line).toBe(true);
    }
  });

  it('keeps the last lines of stderr, without colours', async () => {
    const { process } = await startFake('says-much.sh');
    await until(() => process.stderrTail() !== '');
    expect(process.stderrTail()).toBe('last words');
  });

  it('tells how it ended, whoever ended it', async () => {
    const { process: child } = await startFake('ignores-sigterm.ts');
    process.kill(child.identity.pid, 'SIGKILL');
    await expect(child.exited).resolves.toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('does not end us when it has ended and we write to it', async () => {
    const { process } = await startFake('ends-with-its-input.sh');
    process.stdin?.end();
    await process.exited;
    const written = new Promise((resolve) => process.stdin?.write('more', resolve));
    await expect(written).resolves.toBeInstanceOf(Error);
  });

  it('leads a session of its own, which no Ctrl-C of our terminal reaches', async () => {
    const { process: child } = await startFake('ends-at-sigterm.ts');
    const sessionOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3];
    expect(sessionOf(child.identity.pid)).toBe(String(child.identity.pid));
  });

  it('has the environment and the directory that it is given, and its mark', async () => {
    const cwd = testDirectory();
    const { stdout, stop } = await new LocalHost().start({
      command: ['/bin/sh', '-c', 'pwd; env -u PWD -u OLDPWD -u SHLVL -u _ | sort'],
      cwd,
      env: { PATH: '/usr/bin:/bin', A: '1' },
      output: 'streams',
      mark: { name: 'MARK', value: 'm' },
    });
    const lines = await (stdout?.setEncoding('utf8').toArray() ?? []);
    await stop();
    expect(lines.join('')).toBe(`${cwd}\nA=1\nMARK=m\nPATH=/usr/bin:/bin\n`);
  });
});

describe('a process whose output goes to a file', () => {
  it('has no streams, and a private file', async () => {
    const { process, file } = await startLogged('echo out; echo err >&2; exec sleep 600');
    await until(() => process.stderrTail() === 'out\nerr');
    expect([process.stdin, process.stdout, process.stderr]).toEqual([null, null, null]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('outlives whoever has started it', async () => {
    const directory = testDirectory();
    const mark = { name: 'OPTIO_TEST_MARK', value: randomUUID() };
    onTestFinished(async () => {
      await sweepMarked(mark);
    });
    const args = [fakePath('starts-and-leaves.ts'), directory, join(directory, 'log'), mark.value];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: FAKE_ENV });
    expect(isRunning(JSON.parse(stdout) as ProcessIdentity)).toBe(true);
  });

  it('adds to what the file holds already', async () => {
    const file = join(testDirectory(), 'log');
    writeFileSync(file, 'before\n');
    const { process } = await startLogged('echo after', { output: { file } });
    await process.exited;
    expect(readFileSync(file, 'utf8')).toBe('before\nafter\n');
  });

  it('shows the last twenty lines, without colours', async () => {
    const { process } = await startFake('says-much.sh', { output: 'file' });
    const lines = process.stderrTail().split('\n');
    expect(lines).toHaveLength(20);
    expect(lines[0]).toBe('line 2983 of a log that goes on and on');
    expect(lines.slice(-2)).toEqual(['last words', 'ready']);
  });

  it('shows a bounded end of a line that never ends', async () => {
    const { process } = await startLogged('head -c 1000000 /dev/zero | tr "\\0" x');
    await process.exited;
    expect(process.stderrTail()).toBe('x'.repeat(64 * 1024));
  });

  it('shows nothing when the file is gone', async () => {
    const { process, file } = await startLogged('rm output.log');
    await process.exited;
    expect(existsSync(file)).toBe(false);
    expect(process.stderrTail()).toBe('');
  });

  it('does not fill the disk: a file that has grown too large begins anew', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { process, file } = await startLogged(
      'mkfifo go; head -c 9000000 /dev/zero; touch grown; read x < go; echo more',
    );
    const beside = (name: string) => join(file, '..', name);
    await until(() => existsSync(beside('grown')));
    vi.advanceTimersByTime(60_000);
    expect(statSync(file).size).toBe(0);
    writeFileSync(beside('go'), '\n');
    await process.exited;
    expect(readFileSync(file, 'utf8')).toBe('more\n');
  });
});

describe('a process that cannot be started', () => {
  const spec: ProcessSpec = { command: ['sleep', '600'], cwd: '/', env: FAKE_ENV, output: 'streams' };

  it('is told by the name of its program', async () => {
    const failure = await failureOf(new LocalHost().start({ ...spec, command: ['/no/such/program'] }));
    expect(failure).toMatchObject({
      code: 'host-command-failed',
      message: expect.stringMatching(/^\/no\/such\/program could not be started: .*ENOENT/),
    });
  });

  it('is told by the name of its directory', async () => {
    const failure = await failureOf(new LocalHost().start({ ...spec, cwd: '/gone' }));
    expect(failure).toMatchObject({
      code: 'host-command-failed',
      message: 'sleep could not be started: there is no directory /gone',
    });
  });

  it('is told by the name of its log, and leaves nothing running', async () => {
    const mark = { name: 'OPTIO_TEST_MARK', value: randomUUID() };
    const failure = await failureOf(new LocalHost().start({ ...spec, mark, output: { file: '/gone/log' } }));
    expect(failure).toMatchObject({ code: 'host-command-failed', message: expect.stringContaining('/gone/log') });
    expect(findMarked(mark)).toEqual([]);
  });
});
