import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRecord } from '../../../src/compose/server-record.ts';
import { fakePath } from '../../support/fakes.ts';
import { freeze, until } from '../../support/processes.ts';
import { makeCommandPlace, runCommand, startCommand } from '../cli/command.ts';
import { apiOf, serversOf } from './lives.ts';

/** Twenty commands at once take their time on two cores. */
const LONG = { timeout: 240_000 };

describe('a server that commands start', LONG, () => {
  it('is one, and has all twenty runs of commands that come at the same instant', async () => {
    const place = await makeCommandPlace();
    const config = join(place.home, '.config', 'optio-codex');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'config.toml'), 'limits.total = 1\n'); // or there are twenty of the real codex
    const argv = ['run', '-d', '--fresh', ...place.provider, 'Say something.'];
    const ends = await Promise.all(Array.from({ length: 20 }, () => startCommand(place, argv).ended));
    for (const { code, stdout, stderr } of ends) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^run-\w+\n$/);
    }
    const told = ends.map(({ stdout }) => stdout.trim()).sort();
    const api = await apiOf(place);
    expect((await api.list()).runs.map(({ id }) => id).sort()).toEqual(told);
    expect(new Set(told).size).toBe(20);
    expect(serversOf(place)).toEqual([{ pid: readRecord(place.dataDir)?.pid, isBackground: true }]);
    const log = readFileSync(join(place.dataDir, 'logs', 'server.log'), 'utf8');
    expect(log.match(/"msg":"serving"/g)).toHaveLength(1);
    const { runs } = await api.stats();
    expect(runs.starting + runs.running, 'what its configuration allows at a time').toBeLessThanOrEqual(1);
    for (const file of ['token', 'server.json', 'server-start.lock', 'logs/server.log', 'logs/server.out']) {
      expect({ file, others: statSync(join(place.dataDir, file)).mode & 0o077 }).toEqual({ file, others: 0 });
    }
  });

  it('is the one of a person who starts it at the same instant', async () => {
    const place = await makeCommandPlace();
    const served = startCommand(place, ['serve', '--json']);
    const commands = Array.from({ length: 3 }, () => startCommand(place, ['ps']));
    for (const { ended } of commands) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    await until(() => served.stdout().includes('\n'), 'the server of the person');
    expect(serversOf(place)).toEqual([{ pid: served.child.pid, isBackground: false }]);
    served.child.kill('SIGTERM');
    const { code, stderr } = await served.ended;
    expect({ code, stderr: stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{')) }).toEqual({
      code: 0,
      stderr: [],
    });
  });
});

describe('a server that cannot start', LONG, () => {
  it('is told to each command, with who has the data directory', async () => {
    const place = await makeCommandPlace();
    const holder = spawn(process.execPath, [fakePath('holds-store.ts'), place.dataDir]);
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const commands = [startCommand(place, ['ps']), startCommand(place, ['run', '-d', '--fresh', 'Do it'])];
    for (const { ended } of commands) {
      const { code, stdout, stderr } = await ended;
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(`error: ${place.dataDir} is in use by process ${holder.pid}`);
      expect(stderr).toContain('\n  Wait until that process has ended');
      expect(stderr).toContain('(data-directory-busy)');
    }
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await runCommand(place, ['ps'])).toMatchObject({ code: 0 });
  });

  it.each([
    ['is no TOML', 'port = = 1\n', /config\.toml is no TOML: /],
    [
      'has a setting that there is not',
      '[server]\nprot = 1\n',
      /there is no setting server\.prot\n {2}There are: dataDir, /,
    ],
    [
      'has a value that only the server looks at',
      '[server]\nhost = "192.0.2.1"\n',
      /192\.0\.2\.1 is no address of this machine's own loopback\n {2}Use 127\.0\.0\.1/,
    ],
  ])('is told to each command, when its configuration %s', async (_what, text, told) => {
    const place = await makeCommandPlace();
    const file = join(place.home, 'config.toml');
    writeFileSync(file, text);
    const options = { env: { OPTIO_CODEX_CONFIG: file } };
    const commands = [startCommand(place, ['ps'], options), startCommand(place, ['tasks', '--json'], options)];
    const [forPeople, forPrograms] = await Promise.all(commands.map(({ ended }) => ended));
    expect(forPeople).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(told) });
    const { error } = JSON.parse(forPrograms?.stderr ?? '');
    expect(error).toMatchObject({ code: 'invalid-config', remedy: expect.any(String) });
    await until(() => serversOf(place).length === 0, 'the end of a server that could not begin');
  });
});

describe('a server that hangs', LONG, () => {
  it('is told, with how to end it, and nothing is lost by that', async () => {
    const place = await makeCommandPlace();
    const argv = ['run', '-d', '--fresh', ...place.provider, '--stay', '!say Hello.'];
    const { stdout } = await startCommand(place, argv).ended;
    const pid = readRecord(place.dataDir)?.pid ?? 0;
    await freeze(pid);
    const commands = [['ps'], ['stop'], ['serve']].map((argv) => startCommand(place, argv));
    for (const { ended } of commands) {
      const { code, stderr } = await ended;
      expect(code).toBe(1);
      expect(stderr).toContain(`error: the server of ${place.dataDir} does not answer\n`);
      expect(stderr).toContain(`End it: kill -9 ${pid}.`);
    }
    process.kill(pid, 'SIGKILL');
    const show = await startCommand(place, ['show', stdout.trim(), '--json']).ended;
    expect(JSON.parse(show.stdout)).toMatchObject({ id: stdout.trim() });
    expect(serversOf(place)).toHaveLength(1);
  });
});
