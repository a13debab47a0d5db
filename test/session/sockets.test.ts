import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostDescription } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { type NamedSocketsOptions, namedSockets, usualSockets } from '../../src/session/sockets.ts';
import { testDirectory } from '../support/directories.ts';

/** A machine whose root is a directory, where these files lie; its user is 1000. */
class OtherMachine extends LocalHost {
  readonly #root = testDirectory('machine');

  constructor(...files: readonly string[]) {
    super();
    for (const file of ['/tmp/any', '/run/any', ...files]) this.put(file);
  }

  put(file: string): void {
    mkdirSync(dirname(join(this.#root, file)), { recursive: true });
    writeFileSync(join(this.#root, file), '');
  }

  link(path: string, to: string): void {
    symlinkSync(join(this.#root, to), join(this.#root, path));
  }

  override async describe(): Promise<HostDescription> {
    return { ...(await super.describe()), uid: 1000 };
  }

  override async realPath(path: string): Promise<string | undefined> {
    const real = await super.realPath(join(this.#root, path));
    return real && `/${relative(this.#root, real)}`;
  }
}

describe('usualSockets', () => {
  it('gives what is there of the places that are the same everywhere, by their real paths', async () => {
    const host = new OtherMachine('/run/user/1000/bus', '/run/podman/podman.sock', '/tmp/tmux-1000/default');
    expect(await usualSockets(host)).toEqual(['/run/user/1000', '/run/podman', '/tmp/tmux-1000']);
    host.put('/srv/docker.sock');
    host.link('/run/docker.sock', '/srv/docker.sock');
    host.put('/run/containerd/containerd.sock');
    const all = ['/run/user/1000', '/srv/docker.sock', '/run/podman', '/run/containerd', '/tmp/tmux-1000'];
    expect(await usualSockets(host)).toEqual(all);
  });

  it('gives where /var/run leads too, if that is elsewhere', async () => {
    const host = new OtherMachine('/var/run/docker.sock', '/run/user/1001/bus');
    expect(await usualSockets(host)).toEqual(['/var/run/docker.sock']);
  });
});

describe('namedSockets', () => {
  const find = (host: OtherMachine, env: NamedSocketsOptions['env'], options: Partial<NamedSocketsOptions> = {}) =>
    namedSockets({ host, env, needed: ['/home/me'], writable: [], ...options });

  it.each([
    ['SSH_AUTH_SOCK', '/opt/s', '/opt'],
    ['DOCKER_HOST', 'unix:///opt/s', '/opt/s'],
    ['DBUS_SESSION_BUS_ADDRESS', 'unix:path=/opt/s,guid=1', '/opt/s'],
    ['DBUS_SESSION_BUS_ADDRESS', 'unix:abstract=x;unix:guid=1,path=/%6fpt/s', '/opt/s'],
    ['TMUX', '/opt/s,12,0', '/opt/s'],
  ])('reads %s, such as %s', async (name, value, path) => {
    expect(await find(new OtherMachine('/opt/s'), { [name]: value })).toEqual([path]);
  });

  it.each([
    ['SSH_AUTH_SOCK', ''],
    ['SSH_AUTH_SOCK', 'opt/s'],
    ['SSH_AUTH_SOCK', '/opt/gone'],
    ['DOCKER_HOST', 'tcp://opt/s'],
    ['DBUS_SESSION_BUS_ADDRESS', 'unix:abstract=/opt/s'],
    ['DBUS_SESSION_BUS_ADDRESS', 'unix:path=/%zz'],
  ])('finds nothing by %s when it is %j', async (name, value) => {
    expect(await find(new OtherMachine('/opt/s'), { [name]: value })).toEqual([]);
  });

  it.each(['/tmp/s', '/run/s', '/home/s', '/home/me/s', '/repo/s', '/listed/s'])(
    'gives only the socket of an agent that is at %s, in a directory with other things',
    async (socket) => {
      const options = { needed: ['/home/me', '/listed/directory'], writable: ['/repo/space'] };
      expect(await find(new OtherMachine(socket), { SSH_AUTH_SOCK: socket }, options)).toEqual([socket]);
    },
  );

  it('gives the outermost directory where commands may write, since an accepted one could rename any below it', async () => {
    const host = new OtherMachine('/tmp/a/b/s', '/repo/a/b/s', '/repo/s', '/opt/a/b/s');
    const of = (path: string) => find(host, { DOCKER_HOST: `unix://${path}` }, { writable: ['/repo'] });
    expect(await of('/tmp/a/b/s')).toEqual(['/tmp/a']);
    expect(await of('/repo/a/b/s')).toEqual(['/repo/a']);
    expect(await of('/repo/s')).toEqual(['/repo/s']);
    expect(await of('/opt/a/b/s')).toEqual(['/opt/a/b/s']);
  });

  it('gives no directory around one that the run needs, there either', async () => {
    const host = new OtherMachine('/tmp/a/b/s');
    const of = (workspace: string) => find(host, { SSH_AUTH_SOCK: '/tmp/a/b/s' }, { writable: [workspace] });
    expect(await of('/tmp/a/repospace')).toEqual(['/tmp/a/b']);
    expect(await of('/tmp/a/b/repospace')).toEqual(['/tmp/a/b/s']);
  });

  it('gives the real place of a socket that is named by a link', async () => {
    const host = new OtherMachine('/tmp/ssh-x/agent.1', '/home/me/.bashrc');
    host.link('/home/me/agent', '/tmp/ssh-x/agent.1');
    expect(await find(host, { SSH_AUTH_SOCK: '/home/me/agent' })).toEqual(['/tmp/ssh-x']);
  });
});
