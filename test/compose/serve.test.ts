import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connect, stopServer } from '../../src/compose/connect.ts';
import { findRunning } from '../../src/compose/running.ts';
import { type Served, type ServeOptions, serve } from '../../src/compose/serve.ts';
import { readRecord, socketOf } from '../../src/compose/server-record.ts';
import type { Settings } from '../../src/config/settings.ts';
import { thisMachine } from '../../src/machine.ts';
import { Optio } from '../../src/optio.ts';
import { readHolder } from '../../src/store/hold.ts';
import { readBuild } from '../../src/version.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';

/** Options of a server of its own, at any free port unless told otherwise. */
function options(settings: Settings = {}, dataDir = join(testDirectory('serve'), 'data')) {
  const env = { PATH: process.env.PATH, HOME: testDirectory('home') };
  const silent: Settings = { 'server.port': 0, 'log.level': 'silent', ...settings };
  return { dataDir, env, settings: silent } satisfies ServeOptions;
}

async function begin(given: ServeOptions): Promise<Served> {
  const served = await serve(given);
  onTestFinished(async () => {
    await served.stop();
    await served.stopped;
  });
  return served;
}

describe('serve', () => {
  it('answers at a port and at the socket of its data directory, to whoever has the token', async () => {
    const given = options();
    const { dataDir } = given;
    const { address, isSocket, tokenFile } = await begin(given);
    expect({ address, isSocket }).toEqual({
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      isSocket: false,
    });
    const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
    expect(await (await fetch(`${address}/api/server`, { headers })).json()).toMatchObject({
      version: readBuild(),
      dataDir,
      caller: { name: 'owner', role: 'admin' },
    });
    expect((await fetch(`${address}/api/server`)).status).toBe(401);
    expect(await findRunning(dataDir)).toMatchObject({ pid: process.pid });
    expect(readRecord(dataDir)).toMatchObject({ pid: process.pid, address, isBackground: false, version: readBuild() });
    expect(readHolder(dataDir)).toMatchObject({ pid: process.pid, isServer: true });
    const api = await connect({ ...given, start: false });
    expect(await api.tasks()).toEqual([]);
    await api.close();
  });

  it('lets nobody in with the token that was in its directory before, once that is removed; the next command has another', async () => {
    const given = options();
    const { address, tokenFile } = await begin(given);
    const headers = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
    const ask = async () => (await fetch(`${address}/api/server`, { headers })).status;
    expect(await ask()).toBe(200);
    rmSync(tokenFile);
    expect(await ask()).toBe(401);
    const api = await connect({ ...given, start: false });
    expect((await api.server()).caller.name).toBe('owner');
    await api.close();
    expect(readFileSync(tokenFile, 'utf8')).not.toContain(headers.authorization.slice('Bearer '.length));
  });

  it('leaves nothing that says that it runs, and is gone when that is told', async () => {
    const given = options();
    const { dataDir } = given;
    const served = await serve(given);
    expect(await served.stop()).toEqual({
      ...{ pid: process.pid, left: [], waiting: [], openRequests: 0 },
      ...{ drainMs: 0, cancel: false },
    });
    await served.stopped;
    const stays = ['holder.json', 'optio.db', 'reserve', 'server-start.lock', 'token'];
    expect(readdirSync(dataDir).sort()).toEqual(stays);
    expect(await findRunning(dataDir)).toBeUndefined();
    await expect(connect({ ...given, start: false })).rejects.toMatchObject({
      code: 'server-unreachable',
      message: `no server runs for ${dataDir}`,
      details: { remedy: 'Start one: optio-codex serve.' },
    });
    await (await Optio.open(given)).close();
  });

  it('answers at a socket of its own as well, with no port', async () => {
    const socket = join(testDirectory('socket'), 's');
    const { address, isSocket } = await begin(options({ 'server.socket': socket }));
    expect({ address, isSocket }).toEqual({ address: socket, isSocket: true });
  });

  it('makes no room for another one of a person, and says where the first one is', async () => {
    const given = options();
    const { address } = await begin(given);
    await expect(serve(given)).rejects.toMatchObject({
      code: 'data-directory-busy',
      message: `a server runs already at ${address} (process ${process.pid})`,
      details: { remedy: expect.stringContaining('optio-codex stop') },
    });
  });

  it('wants the data directory for itself, and says who has it', async () => {
    const given = options();
    await using _program = await Optio.open(given);
    const refused = {
      code: 'data-directory-busy',
      message: expect.stringContaining(`in use by process ${process.pid}`),
    };
    await expect(serve(given)).rejects.toMatchObject(refused);
    await expect(serve({ ...given, isBackground: true })).rejects.toMatchObject(refused);
  });

  it('waits for a server that has the directory, and ends just now', async () => {
    const given = options();
    const other = await Optio.open({ ...given, isServer: true });
    const open = vi.spyOn(Optio, 'open');
    onTestFinished(() => open.mockRestore());
    const serving = begin(given);
    await until(() => open.mock.settledResults.some(({ type }) => type === 'rejected'), 'an attempt in vain');
    await other.close();
    expect((await serving).dataDir).toBe(given.dataDir);
  });

  it('says that the path of its directory is too long, and how long it may be', async () => {
    const [fits, tooLong] = [91, 92].map((length) => `${testDirectory('long')}/`.padEnd(length, 'd'));
    await begin(options({}, fits));
    await expect(serve(options({}, tooLong))).rejects.toMatchObject({
      code: 'invalid-config',
      details: { field: 'dataDir', remedy: expect.stringContaining('at most 91 bytes') },
    });
  });

  it('says of nothing that it runs when it cannot answer where commands look for it', async () => {
    const given = options();
    mkdirSync(socketOf(given.dataDir), { recursive: true });
    await expect(serve(given)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining(`${socketOf(given.dataDir)} is there, and is no socket`),
    });
    expect(readRecord(given.dataDir)).toBeUndefined();
    rmdirSync(socketOf(given.dataDir));
    await begin(given);
  });

  it('gives back all that it has when it cannot begin', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const given = options({ 'server.port': port });
    await expect(serve(given)).rejects.toMatchObject({ code: 'invalid-config', details: { field: 'port' } });
    expect(readRecord(given.dataDir)).toBeUndefined();
    expect(await findRunning(given.dataDir)).toBeUndefined();
    await begin({ ...given, settings: { ...given.settings, 'server.port': 0 } });
  });
});

describe('connect', () => {
  it('goes to the server that the configuration names, with the token that it names', async () => {
    const given = options();
    const { address, tokenFile } = await begin(given);
    const elsewhere = options({ 'server.url': address, 'server.tokenFile': tokenFile });
    const api = await connect(elsewhere);
    expect(await api.server()).toMatchObject({
      dataDir: given.dataDir,
      machine: thisMachine(),
      command: 'optio-codex',
    });
    await api.close();
    const stranger = { ...elsewhere, env: { ...elsewhere.env, OPTIO_CODEX_TOKEN: 'oc_not-a-token-of-anybody' } };
    const refused = { code: 'unauthorized', details: { remedy: expect.stringContaining('OPTIO_CODEX_TOKEN') } };
    await expect(connect(stranger)).rejects.toMatchObject(refused);
    await expect(stopServer({}, stranger)).rejects.toMatchObject(refused);
    await expect(connect(options({ 'server.url': address }))).rejects.toMatchObject(refused);
  });

  it('needs no token for the address of the server of the data directory', async () => {
    const given = options();
    const { address } = await begin(given);
    const settings = { ...given.settings, 'server.url': `${address}/` };
    const api = await connect({ ...given, settings });
    expect(await api.server()).toMatchObject({ dataDir: given.dataDir });
    await api.close();
  });
});
