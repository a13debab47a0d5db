import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../../src/compose/connect.ts';
import { beginCommandLine, runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const FREE = ['--port', '0', '--log-level', 'silent'];

afterEach(() => void vi.unstubAllEnvs());

/** A home and a data directory that the command finds in its environment. */
function makePlace(): string {
  const home = testDirectory('serve');
  const dataDir = join(home, 'data');
  for (const [name, value] of Object.entries({ OPTIO_CODEX_HOME: dataDir, HOME: home })) vi.stubEnv(name, value);
  return dataDir;
}

/** Serves until that is told, and has the server stopped; gives what was said. */
async function serve(...flags: readonly string[]) {
  const running = beginCommandLine(scriptApi().api, ['serve', ...flags]);
  await Promise.race([running.ended, until(() => running.stdout().includes('\n'), 'the address')]);
  const api = await connect({ start: false });
  await api.stopServer();
  await api.close();
  return { code: await running.ended, stdout: running.stdout(), stderr: running.stderr() };
}

describe('serve', () => {
  it('says where it is and how to ask it, and at its end what it leaves', async () => {
    const dataDir = makePlace();
    const { code, stdout, stderr } = await serve(...FREE);
    const [address = '', ...lines] = stdout.split('\n');
    expect(code).toBe(0);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}page {7}http:\/\/127\.0\.0\.1:\d+\/#login=[\w-]{32}$/),
      expect.stringMatching(/lets one browser in, once; .* page makes another/),
      `  reference  ${address}/api/docs`,
      '  data       ~/data',
      `  try        curl -H "Authorization: Bearer $(cat ~/data/token)" ${address}/api/runs`,
      'Ctrl-C stops the server. What is under way goes on, and the next server takes it up.',
      '',
    ]);
    expect(stderr).toBe(`Stopped the server (process ${process.pid}).\nIt leaves nothing that runs.\n`);
    expect(existsSync(join(dataDir, 'server.json'))).toBe(false);
  });

  it('prints the address as JSON and nothing else with --json', async () => {
    const dataDir = makePlace();
    const { code, stdout, stderr } = await serve(...FREE, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const address = expect.stringMatching(/^http:/);
    expect(JSON.parse(stdout)).toEqual({ address, pid: process.pid, dataDir });
  });

  it('shows how to ask at a socket', async () => {
    const socket = join(makePlace(), '..', 's.sock');
    const { stdout } = await serve('--socket', socket, '--log-level', 'silent');
    expect(stdout).toContain(`--unix-socket ${socket} http://localhost/api/runs\n`);
    expect(stdout).not.toContain('reference');
  });

  it('answers below a base path', async () => {
    makePlace();
    const { stdout } = await serve(...FREE, '--base-path', '/codex', '--trust-proxy', '--allow-host', 'a.example');
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/codex\n/);
  });

  it.each([
    [['--port', '70000'], '"70000" is not a valid port.'],
    [['--port', 'x'], '"x" is not a valid port.'],
    [['--log-level', 'trace'], 'Allowed choices are debug, info, warn, error, silent.'],
    [['--base-path', 'codex'], 'it has to be like /codex'],
    [['--socket', 'relative'], 'is not an absolute path'],
    [['--host', '192.0.2.1'], "is no address of this machine's own loopback"],
  ])('refuses %o, and serves nothing', async (flags, why) => {
    const dataDir = makePlace();
    const { code, stdout, stderr } = await runCommandLine(scriptApi().api, [
      'serve',
      '--log-level',
      'silent',
      ...flags,
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(why);
    expect(existsSync(join(dataDir, 'server.json'))).toBe(false);
  });

  it('ends by a signal, as a service does', async () => {
    makePlace();
    const running = beginCommandLine(scriptApi().api, ['serve', ...FREE]);
    await until(() => running.stdout().includes('\n'), 'the address');
    const before = process.listenerCount('SIGTERM');
    process.emit('SIGTERM', 'SIGTERM');
    expect(await running.ended).toBe(0);
    expect(process.listenerCount('SIGTERM')).toBe(before - 1);
  });

  it('keeps to itself how commands start it', async () => {
    const { stdout } = await runCommandLine(scriptApi().api, ['serve', '--help']);
    expect(stdout).toContain('--base-path');
    expect(stdout).not.toContain('--background');
  });
});
