import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HostCommandError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { findMarked, identify, isRunning } from '../../src/hosts/processes.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { FAKE_ENV, fakePath } from '../support/fakes.ts';
import { until } from '../support/processes.ts';

const host = new LocalHost();
const sh = (script: string, ...args: string[]) => ['sh', '-c', script, 'sh', ...args] as const;

/** The pid that a process has written into a file. */
const readPid = (file: string) => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a command that is run to its end', () => {
  it('gives its outputs and how it ended', async () => {
    const command = sh('echo out; echo err >&2');
    await expect(host.run(command)).resolves.toEqual({
      command,
      exitCode: 0,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      isTruncated: false,
      durationMs: expect.any(Number),
    });
  });

  it('reads the input that it is given', async () => {
    const input = 'ä\n'.repeat(100_000);
    await expect(host.run(['cat'], { input })).resolves.toMatchObject({ stdout: input });
  });

  it('need not read its input', async () => {
    await expect(host.run(['true'], { input: 'x'.repeat(10_000_000) })).resolves.toMatchObject({ exitCode: 0 });
  });

  it('has an empty input unless it is given one', async () => {
    await expect(host.run(['cat'])).resolves.toMatchObject({ stdout: '' });
  });

  it('runs in the directory that it is given', async () => {
    const cwd = testDirectory();
    await expect(host.run(['pwd'], { cwd })).resolves.toMatchObject({ stdout: `${cwd}\n` });
  });

  it('has the beginning of an output that is too long, and reads on to its end', async () => {
    const result = await host.run(sh('echo begin; yes | head -c 1000000; echo end >&2'), { maxOutputBytes: 1000 });
    expect(result).toMatchObject({ exitCode: 0, isTruncated: true, stderr: 'end\n' });
    expect(result.stdout).toHaveLength(1000);
    expect(result.stdout).toMatch(/^begin\ny\n/);
  });

  it('has lines of 200 kB on both outputs as they are (C16)', async () => {
    const line = `begin${'ä'.repeat(100_000)}end\n`;
    const { stdout, stderr, isTruncated } = await host.run(sh('read -r line; echo "$line"; echo "$line" >&2'), {
      input: line,
    });
    expect(stdout === line && stderr === line).toBe(true);
    expect(isTruncated).toBe(false);
  });

  it('is not told to be cut when its output fits exactly', async () => {
    const result = await host.run(['printf', '12345'], { maxOutputBytes: 5 });
    expect(result).toMatchObject({ stdout: '12345', isTruncated: false });
  });
});

describe('the environment of a command', () => {
  it('is the one that it is given, and the mark by which its children are found', async () => {
    const { stdout } = await host.run(['/usr/bin/env'], { env: { A: '1' } });
    expect(stdout).toMatch(/^A=1\nOPTIO_CODEX_COMMAND=[0-9a-f-]{36}\n$/);
  });

  it('holds no secret of ours', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'secret');
    const { stdout } = await host.run(['env']);
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toContain('secret');
  });

  it('names the home of the host', async () => {
    const home = testDirectory();
    await expect(new LocalHost({ home }).run(sh('echo $HOME'))).resolves.toMatchObject({ stdout: `${home}\n` });
  });
});

describe('a command that fails', () => {
  it('throws its exit code and its last words', async () => {
    const failure = await failureOf(host.run(sh('for i in $(seq 30); do echo "line $i" >&2; done; exit 3')));
    expect(failure).toBeInstanceOf(HostCommandError);
    expect(failure.message).toMatch(/^sh -c .* exited with 3: line 30$/);
    expect(failure.details).toMatchObject({ exitCode: 3, signal: null });
    expect(failure.details.stderr?.split('\n')).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 11}`));
  });

  it('throws the signal that ended it', async () => {
    const failure = await failureOf(host.run(sh('kill -9 $$')));
    expect(failure.message).toContain('was ended by SIGKILL');
    expect(failure.details).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  it('does not throw when any exit code will do', async () => {
    await expect(host.run(sh('exit 3'), { anyExitCode: true })).resolves.toMatchObject({ exitCode: 3 });
  });

  it('throws the name of a program that there is none of', async () => {
    const failure = await failureOf(host.run(['/no/such/program']));
    expect(failure).toMatchObject({ code: 'host-command-failed', name: 'HostCommandError' });
    expect(failure.message).toMatch(/^\/no\/such\/program could not be started: .*ENOENT/);
  });

  it('throws the name of a directory that there is none of', async () => {
    const cwd = join(testDirectory(), 'gone');
    const failure = await failureOf(host.run(['true'], { cwd }));
    expect(failure.message).toBe(`true could not be started: there is no directory ${cwd}`);
  });

  it('throws an error of ours for arguments that the system does not take', async () => {
    const failure = await failureOf(host.run(['echo', 'x'.repeat(4_000_000)]));
    expect(failure).toMatchObject({ code: 'host-command-failed', message: expect.stringContaining('E2BIG') });
  });
});

describe('a command beyond its deadline', () => {
  it('is ended, and says so', async () => {
    const failure = await failureOf(host.run(['sleep', '600'], { deadlineMs: 200 }));
    expect(failure).toBeInstanceOf(HostCommandError);
    expect(failure.message).toBe('sleep 600 did not end within 0.2 s');
    expect(failure.details).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
  });

  it('is ended with its children, in whatever session they are', async () => {
    const env = { ...FAKE_ENV, OPTIO_TEST_MARK: testDirectory() };
    await failureOf(host.run([fakePath('forks-into-new-session.sh')], { env, deadlineMs: 500 }));
    expect(findMarked({ name: 'OPTIO_TEST_MARK', value: env.OPTIO_TEST_MARK })).toEqual([]);
  });
});

describe('a deadline that no timer has', () => {
  it.each([2 ** 31, Number.NaN, -1, 0.5])('is refused before anything is started: %s', async (deadlineMs) => {
    const file = join(testDirectory(), 'file');
    const refused = host.run(['touch', file], { env: FAKE_ENV, deadlineMs });
    await expect(refused).rejects.toMatchObject({ code: 'invalid-input', details: { field: 'deadlineMs' } });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a command that is aborted', () => {
  /** Runs a command that tells a pid, and aborts it then. */
  async function abortOnce(command: (file: string) => readonly [string, ...string[]]) {
    const file = join(testDirectory(), 'pid');
    const abort = new AbortController();
    const running = host.run(command(file), { env: FAKE_ENV, signal: abort.signal });
    await until(() => readPid(file) > 0);
    abort.abort(new Error('no longer wanted'));
    await expect(running).rejects.toThrow('no longer wanted');
    return identify(readPid(file));
  }

  it('is ended, and rejects with the reason', async () => {
    const sleeper = await abortOnce((file) => sh('echo $$ > "$1"; exec sleep 600', file));
    expect(isRunning(sleeper)).toBe(false);
  });

  it.each([
    ['the same', []],
    ['a new', ['setsid']],
  ])('is ended with a child in %s session that holds its output after it has ended', async (_, prefix) => {
    const child = await abortOnce((file) => [fakePath('leaves-a-child-with-its-output.sh'), file, ...prefix]);
    expect(isRunning(child)).toBe(false);
  });

  it('does not keep us when such a child has shaken off its mark', async () => {
    const leave = fakePath('leaves-a-child-with-its-output.sh');
    const child = await abortOnce((file) => [leave, file, 'env', '-i', 'setsid']);
    const isAlive = isRunning(child);
    if (isAlive) process.kill(child.pid, 'SIGKILL');
    expect(isAlive).toBe(true);
  });

  it('is not started when that was before', async () => {
    const file = join(testDirectory(), 'file');
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(host.run(['touch', file], { signal })).rejects.toThrow('too late');
    expect(existsSync(file)).toBe(false);
  });
});
