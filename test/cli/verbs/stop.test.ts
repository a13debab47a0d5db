import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { scriptApi } from '../../support/scripted-api.ts';
import { answerWith, json } from '../../support/socket-server.ts';

/** The words of `stop`, over the server of a data directory. */
function stop(dataDir: string, ...flags: readonly string[]) {
  for (const [name, value] of Object.entries({ OPTIO_CODEX_HOME: dataDir, HOME: dataDir })) vi.stubEnv(name, value);
  return runCommandLine(scriptApi().api, ['stop', ...flags]);
}

afterEach(() => void vi.unstubAllEnvs());

/** A server that has ended by the time that its report is read, and what it was asked. */
async function beginEnding(holds = {}) {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  const report = { pid: child.pid, left: ['run-1'], waiting: [], openRequests: 0, drainMs: 0, cancel: false };
  const asked: unknown[] = [];
  const dataDir = await answerWith((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => void asked.push(JSON.parse(text)));
    request.once('end', () => json({ ...report, ...(asked.at(-1) as object), ...holds })(request, response));
  });
  return { dataDir, report, asked };
}

describe('stop', () => {
  it('says that there is nothing to stop', async () => {
    const dataDir = testDirectory();
    expect(await stop(dataDir)).toEqual({ code: 0, stdout: 'No server runs here.\n', stderr: '' });
    expect(await stop(dataDir, '--json')).toEqual({ code: 0, stdout: 'null\n', stderr: '' });
  });

  it('says what the server leaves', async () => {
    const { dataDir, report, asked } = await beginEnding();
    const { code, stdout, stderr } = await stop(dataDir);
    expect({ code, stderr, asked }).toEqual({ code: 0, stderr: '', asked: [{ cancel: false }] });
    expect(stdout).toContain(`Stopped the server (process ${report.pid}).\n1 run goes on without it`);
  });

  it.each([
    [
      ['--drain', '1.5'],
      { cancel: false, drainMs: 90_000 },
      'Waiting for what is under way to end, 1 min 30 s at most.\n',
    ],
    [
      ['--drain', '1', '--cancel'],
      { cancel: true, drainMs: 60_000 },
      'Waiting for what is under way to end, 1 min 00 s at most. What has not ended by then is cancelled.\n',
    ],
    [['--cancel'], { cancel: true }, 'Cancelling what is under way.\n'],
  ])('tells the server how: %o', async (flags, how, told) => {
    const { dataDir, asked } = await beginEnding();
    expect(await stop(dataDir, ...flags)).toMatchObject({ code: 0, stderr: told });
    expect(asked).toEqual([how]);
  });

  it('says what holds, where somebody has told the server before how it is to stop', async () => {
    const { dataDir } = await beginEnding({ drainMs: 2_000, cancel: false });
    const { stdout, stderr } = await stop(dataDir, '--drain', '10');
    expect(stderr).toBe('Waiting for what is under way to end, 2.0 s at most.\n');
    expect(stdout).toContain('1 run was under way. What has not ended meanwhile goes on without it:\n  run-1\n');
  });

  it('prints JSON and nothing else with --json', async () => {
    const { dataDir, report } = await beginEnding();
    const { code, stdout, stderr } = await stop(dataDir, '--json', '--cancel');
    expect({ code, stderr, said: JSON.parse(stdout) }).toEqual({
      code: 0,
      stderr: '',
      said: { ...report, cancel: true, hasDied: false },
    });
  });

  it.each(['', 'x', '-1', '1e9', 'Infinity'])('refuses to drain for %j', async (minutes) => {
    const { code, stderr } = await stop(testDirectory(), `--drain=${minutes}`);
    expect(code).toBe(2);
    expect(stderr).toContain(`"${minutes}" is not a valid number of minutes.`);
  });
});
