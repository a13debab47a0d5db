import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, type TestedBinary } from '../../support/codex.ts';
import { testDirectory } from '../../support/directories.ts';
import { makePlace, watchRun } from '../../support/run.ts';
import { outputsOf, withProfile } from './locked.ts';

const PROXY = { network_proxy: true };

async function listen(server: Server | SocketServer, at: string | number): Promise<void> {
  await new Promise<void>((resolve) =>
    typeof at === 'string' ? server.listen(at, resolve) : server.listen(at, '127.0.0.1', resolve),
  );
  onTestFinished(() => void server.close());
}

/** A server on this machine that says what it was asked; gives a command that asks it under this name. */
async function startServer(): Promise<(host: string, options?: string) => string> {
  const server = createServer((request: IncomingMessage, response) => response.end(`REACHED-by-${request.method}\n`));
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  return (host, options = '') => `curl -sS -m 20 ${options} http://${host}:${port}/ 2>&1`;
}

/** What a command prints with this table of the network, which is on, and these features. */
async function outputOf(
  binary: TestedBinary,
  command: string,
  network: object,
  features: object = {},
): Promise<string> {
  const profile = { extends: ':workspace', filesystem: { '/nowhere': 'deny' }, network: { enabled: true, ...network } };
  return (await outputsOf([shell(command)], { binary, config: { ...withProfile(profile), features } })).join();
}

/** A command that says whether it can connect to a unix socket. Perl is there on every Debian. */
const connectTo = (socket: string) =>
  `perl -MIO::Socket::UNIX -e 'print IO::Socket::UNIX->new(Peer => "${socket}") ? "CONNECTED\\n" : "UNREACHED $!\\n"'`;

describe.each(BINARIES)('the network of a profile with codex $version', (binary) => {
  it('is open whatever its mode and keys that are none say, as long as the proxy is off', async () => {
    const get = await startServer();
    const table = { mode: 'limited', domians: { 'listed.example': 'allow' }, hosts: ['listed.example'] };
    const output = await outputOf(binary, `${get('127.0.0.1')}; ${get('127.0.0.1', '-d text')}`, table);
    expect(output).toContain('REACHED-by-GET\nREACHED-by-POST\n');
  });

  it('opens every unix socket that a command can see once it is on', async () => {
    const socket = join(testDirectory('socket'), 'socket');
    await listen(
      createSocketServer((peer) => peer.end()),
      socket,
    );
    expect(await outputOf(binary, connectTo(socket), {})).toContain('CONNECTED');
    expect(await outputOf(binary, connectTo(socket), { enabled: false })).toContain(
      'UNREACHED Operation not permitted',
    );
  });
});

describe('what the proxy of codex does with a list of hosts (0.169)', () => {
  it('lets through what the list has and the mode allows, and knows no other keys', async () => {
    const get = await startServer();
    const domains = { localhost: 'allow' };
    expect(await outputOf(NEWEST, get('localhost'), { domains, mode: 'limited' }, PROXY)).toContain('REACHED-by-GET');
    const post = await outputOf(NEWEST, get('localhost', '-d text'), { domains, mode: 'limited' }, PROXY);
    expect(post).toContain('request method is blocked');
    expect(await outputOf(NEWEST, get('localhost'), { domians: domains }, PROXY)).toContain('was blocked');
  });

  it('takes neither a star nor a listed name for the addresses of this machine', async () => {
    const get = await startServer();
    const ask = (host: string, listed: string) =>
      outputOf(NEWEST, get(host), { domains: { [listed]: 'allow' } }, PROXY);
    expect(await ask('localhost', '*')).toContain('local/private network addresses are blocked');
    expect(await ask('127.0.0.1', 'localhost')).toContain('local/private network addresses are blocked');
  });

  it('makes no unix socket possible', async () => {
    const socket = join(testDirectory('socket'), 'socket');
    await listen(
      createSocketServer((peer) => peer.end()),
      socket,
    );
    const output = await outputOf(NEWEST, connectTo(socket), { domains: { localhost: 'allow' } }, PROXY);
    expect(output).toContain('UNREACHED Operation not permitted');
  });

  it('no longer reaches a listed host of this machine once `allow_local_binding` is set', async () => {
    const get = await startServer();
    const domains = { localhost: 'allow' };
    expect(await outputOf(NEWEST, get('localhost'), { domains }, PROXY)).toContain('REACHED-by-GET');
    const bound = await outputOf(NEWEST, get('localhost'), { domains, allow_local_binding: true }, PROXY);
    expect(bound).toContain('Failed to connect');
    expect(bound).not.toContain('REACHED');
  });

  it('keeps the whole output of a command from the model when it refuses one of its hosts', async () => {
    const get = await startServer();
    const domains = { localhost: 'allow' };
    const output = await outputOf(NEWEST, `echo before; ${get('127.0.0.1')}; ${get('localhost')}`, { domains }, PROXY);
    expect(output).toContain('was blocked');
    expect(output).not.toMatch(/before|REACHED/);
  });
});

describe('a run with the whole network', () => {
  it('reaches the sockets of others, but none that is denied, such as that of its own codex', async () => {
    const [shown, denied] = [testDirectory('shown'), testDirectory('denied')].map((path) => join(path, 'socket'));
    for (const socket of [shown, denied])
      await listen(
        createSocketServer((peer) => peer.end()),
        socket ?? '',
      );
    const place = await makePlace();
    const own = `${place.dataDir}/runs/$ENV{OPTIO_CODEX_RUN}/codex/app-server.sock`;
    const { outputs } = await watchRun(place, {
      instructions: `${[shown, denied, own].map((socket) => `!run ${connectTo(socket ?? '')}`).join('\n')}\n!say done`,
      networkAccess: true,
      deniedPaths: [denied ?? ''],
    });
    expect(outputs).toEqual(['CONNECTED\n', ...Array(2).fill('UNREACHED Permission denied\n')]);
  });
});
