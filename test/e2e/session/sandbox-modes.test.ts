import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RpcConnection } from '../../../src/rpc/connection.ts';
import { WebSocketTransport } from '../../../src/rpc/websocket.ts';
import { NEWEST } from '../../support/codex.ts';
import { testDirectory } from '../../support/directories.ts';
import { allowAll, makePlace, watchRun } from '../../support/run.ts';

/** A server on this machine that says its name, on a port of its own or a socket; gives the port. */
async function startServer(path?: string): Promise<number> {
  const server = createServer((_, response) => response.end('REACHED'));
  await new Promise<void>((resolve) => {
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('the sandbox of a managed run', () => {
  it('writes nowhere when it is read-only, /tmp included, by command or patch', async () => {
    const place = await makePlace();
    const { outcome, outputs } = await watchRun(place, {
      instructions: `!run touch made /tmp/optio-made-$$; ls\n!write patched.txt no\n!say done`,
      sandbox: 'read-only',
    });
    expect(outcome).toMatchObject({ status: 'done', workspace: { changes: [] } });
    expect(outputs.join()).toMatch(/Read-only file system/);
    expect(existsSync(join(place.workspace, 'patched.txt'))).toBe(false);
  });

  it("works in a data directory whose name is no plain word of a shell, such as o'brien", async () => {
    const place = await makePlace({ dataName: "o'brien" });
    const { outcome } = await watchRun(place, { instructions: '!run echo there\n!say hello' });
    expect([outcome.status, outcome.text, outcome.error]).toEqual(['done', 'hello', undefined]);
  });

  it('writes the directories that are allowed, reads the others, and neither what is denied in them', async () => {
    const place = await makePlace();
    const [written, read] = [join(place.home, 'written'), join(place.home, 'read')];
    for (const directory of [written, read, join(written, 'secret')]) mkdirSync(directory);
    writeFileSync(join(read, 'text'), 'READABLE');
    writeFileSync(join(written, 'secret', 'key'), 'SECRET');
    const { outputs } = await watchRun(place, {
      instructions: `!run touch ${written}/made && echo WROTE; cat ${read}/text; touch ${read}/made; cat ${written}/secret/key\n!say done`,
      allowedDirs: [
        { path: written, mode: 'rw' },
        { path: read, mode: 'ro' },
      ],
      deniedPaths: [join(written, 'secret')],
    });
    expect(outputs.join()).toContain('WROTE');
    expect(outputs.join()).toContain('READABLE');
    expect(outputs.join()).not.toContain('SECRET');
    expect([existsSync(join(written, 'made')), existsSync(join(read, 'made'))]).toEqual([true, false]);
  });

  it('shows only the system, the workspace and the listed directories under strict isolation', async () => {
    const place = await makePlace();
    const [listed, other] = [join(place.home, 'listed'), join(place.home, 'other')];
    for (const directory of [listed, other]) mkdirSync(directory);
    writeFileSync(join(listed, 'text'), 'LISTED');
    writeFileSync(join(other, 'text'), 'OTHER');
    const { outputs } = await watchRun(place, {
      instructions: `!run cat ${listed}/text; cat ${other}/text; echo x > made && mktemp && git --version\n!say done`,
      isolation: 'strict',
      allowedDirs: [{ path: listed, mode: 'ro' }],
    });
    expect(outputs.join()).toContain('LISTED');
    expect(outputs.join()).not.toContain('OTHER');
    expect(outputs.join()).toContain('git version');
    expect(existsSync(join(place.workspace, 'made'))).toBe(true);
  });

  it('has no network unless it is told to', async () => {
    const port = await startServer();
    const instructions = `!run timeout 20 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; cat <&3'\n!say done`;
    const place = await makePlace();
    expect((await watchRun(place, { instructions })).outputs.join()).not.toContain('REACHED');
    expect((await watchRun(place, { instructions, networkAccess: true })).outputs.join()).toContain('REACHED');
  });

  it('reaches the sockets of other programs with the whole network, and with a list of hosts or none of it not', async () => {
    const place = await makePlace();
    const [open, denied, hidden] = [join(place.home, 'open'), join(place.home, 'denied'), `optio-${randomUUID()}`];
    for (const path of [open, denied, `\0${hidden}`]) await startServer(path);
    const connect = [open, denied, `\\0${hidden}`]
      .map((peer) => `print IO::Socket::UNIX->new(Peer => "${peer}") ? "REACHED\\n" : "$!\\n";`)
      .join(' ');
    const ask = async (networkAccess: boolean | string[]) => {
      const instructions = `!run perl -MIO::Socket::UNIX -e '${connect}'\n!say done`;
      const { outputs } = await watchRun(place, { instructions, networkAccess, deniedPaths: [denied] });
      return outputs.join().trim().split('\n');
    };
    const refused = Array.from({ length: 3 }, () => 'Operation not permitted');
    expect(await ask(true)).toEqual(['REACHED', 'Permission denied', 'REACHED']);
    expect(await ask(['listed.example'])).toEqual(refused);
    expect(await ask(false)).toEqual(refused);
  });

  it('gives commands what the configuration names of the environment, and not what it scrubs', async () => {
    const place = await makePlace({ env: { LC_TIME: 'de_DE.UTF-8', TZ: 'Asia/Tokyo' } });
    const { outputs } = await watchRun(place, {
      instructions: '!run env\n!say done',
      env: { GREETING: 'hello there' },
      scrubEnv: ['T*'],
    });
    expect(outputs.join()).toContain('GREETING=hello there');
    expect(outputs.join()).not.toContain('Asia/Tokyo');
    expect(outputs.join()).toMatch(/^HOME=.*\.homes\/run-/m);
  });

  it('lets no start-up file be planted in the home of commands', async () => {
    const place = await makePlace();
    const { outputs } = await watchRun(place, {
      instructions: '!run echo "touch owned" > $HOME/.bashrc; echo x > $HOME/.cache/ok && echo CACHED\n!say done',
    });
    expect(outputs.join()).toMatch(/Read-only file system/);
    expect(outputs.join()).toContain('CACHED');
  });

  it('leaves none of the empty directories that codex puts over what it protects', async () => {
    const place = await makePlace();
    await watchRun(place, { instructions: '!run ls -a\n!run ls -a\n!say done' });
    for (const name of ['.agents', '.codex', '.git', '.aws'])
      expect(existsSync(join(place.workspace, name)), name).toBe(false);
  });

  it('fails the run when it does not work, although codex would go on', async () => {
    const place = await makePlace();
    const { outcome } = await watchRun(place, {
      instructions: '!run touch made\n!say done',
      codexBinary: binaryWithBrokenSandbox(),
    });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'sandbox-unavailable', remedy: expect.stringContaining('user namespaces') },
    });
    expect(existsSync(join(place.workspace, 'made'))).toBe(false);
  });

  it('leaves no fresh workspace of a run whose sandbox does not work, and names none', async () => {
    const place = await makePlace();
    const spec = { instructions: '!say done', workspace: { fresh: true as const, files: { a: '' } } };
    const { outcome } = await watchRun(place, { ...spec, codexBinary: binaryWithBrokenSandbox() });
    expect([outcome.error?.code, outcome.workspace]).toEqual(['sandbox-unavailable', undefined]);
    expect(readdirSync(`${place.dataDir}-workspaces`)).toEqual(['.homes']);
  });

  it('fails the run when its config.toml was changed meanwhile', async () => {
    const place = await makePlace();
    const { outcome, of } = await watchRun(place, { instructions: '!say done' }, (event, handle) => {
      if (event.type === 'turn.ended')
        appendFileSync(join(place.dataDir, 'runs', handle.id, 'codex', 'config.toml'), '\n# changed\n');
    });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'sandbox-changed' } });
    expect(of('notice').some(({ level }) => level === 'error')).toBe(true);
  });

  it('fails the run when somebody else changes the permission profile of its thread', async () => {
    const place = await makePlace();
    const { outcome } = await watchRun(
      place,
      { instructions: '!say wait\n!run true\n!pause 20000\n!say done' },
      (event, handle) => {
        if (event.type !== 'item.completed' || event.item.kind !== 'command') return;
        void changeProfile(join(place.dataDir, 'runs', handle.id, 'codex', 'app-server.sock'), handle.id);
      },
    );
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'sandbox-changed' } });
  });
});

describe('full access', () => {
  it('is refused for a run that holds a login, unless one insists', async () => {
    const place = await makePlace({ env: { KEY: 'sk-secret' } });
    const spec = {
      instructions: '!say done',
      sandbox: 'danger-full-access',
      provider: { baseUrl: place.model.url, keyVariable: 'KEY' },
    } as const;
    const refused = await watchRun(place, spec);
    expect(refused.outcome).toMatchObject({
      status: 'failed',
      error: { code: 'invalid-config', remedy: expect.stringContaining('exposeLogin') },
    });
    const insisted = await watchRun(place, { ...spec, exposeLogin: true });
    expect(insisted.outcome).toMatchObject({ status: 'done' });
    expect(insisted.of('session.started')).toMatchObject([
      { sandbox: { mode: 'danger-full-access', profile: ':danger-full-access', network: true } },
    ]);
  });

  it('leaves no process behind, whatever session it has put itself into', async () => {
    const place = await makePlace();
    const { outcome } = await watchRun(
      place,
      {
        instructions: '!run (setsid sleep 391 &) ; setsid sleep 392 & echo started\n!say done',
        sandbox: 'danger-full-access',
      },
      allowAll,
    );
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
  });
});

/** The package of codex with another bwrap in it, which codex notices by its digest. */
function binaryWithBrokenSandbox(): string {
  const copy = join(testDirectory('package'), 'vendor');
  execFileSync('cp', ['-a', '--', dirname(dirname(NEWEST.path)), copy]);
  const bwrap = join(copy, 'codex-resources', 'bwrap');
  rmSync(bwrap);
  writeFileSync(bwrap, '#!/bin/sh\nexit 1\n');
  chmodSync(bwrap, 0o755);
  return join(copy, 'bin', 'codex');
}

/** What a second client on the same socket could do, such as a terminal. */
async function changeProfile(socket: string, name: string): Promise<void> {
  const transport = await WebSocketTransport.connect({ url: `ws+unix:${realpathSync(socket)}:/` });
  const rpc = new RpcConnection(transport, { onNotification() {}, onClose() {} });
  rpc.start();
  const capabilities = { experimentalApi: true, requestAttestation: false };
  await rpc.call('initialize', { clientInfo: { name, title: name, version: '1' }, capabilities });
  await rpc.notify('initialized');
  const { data } = (await rpc.call('thread/loaded/list', {})) as { data: string[] };
  await rpc.call('thread/resume', { threadId: data[0], permissions: ':workspace' });
  await rpc.call('turn/start', {
    threadId: data[0],
    permissions: ':workspace',
    input: [{ type: 'text', text: 'x', text_elements: [] }],
  });
}
