import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { type AccessOptions, type PlannedAccess, planAccess } from '../../src/session/access.ts';
import { checkConfig } from '../../src/session/config.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

interface Place {
  readonly root: string;
  readonly home: string;
  readonly dataDir: string;
  readonly workspace: string;
}

function makePlace(): Place {
  const root = testDirectory('access');
  const [home, dataDir, workspace] = ['home', 'data', 'workspace'].map((name) => subdirectory(root, name));
  return { root, home: home ?? '', dataDir: dataDir ?? '', workspace: workspace ?? '' };
}

function plan(place: Place, spec: Partial<RunSpec> = {}, options: Partial<AccessOptions> = {}): Promise<PlannedAccess> {
  const { home, dataDir, workspace } = place;
  const config = checkConfig({ instructions: '', workspace: { directory: workspace }, ...spec });
  const host = new LocalHost({ home });
  const packageDir = '/nowhere/codex';
  return planAccess({ host, config, home, dataDir, workspace, packageDir, ours: [], env: {}, ...options });
}

describe('planAccess', () => {
  it('denies our data and the places of logins and keys, whether they exist or not', async () => {
    const place = makePlace();
    subdirectory(place.home, '.ssh');
    subdirectory(place.home, '.config');
    const names = ['.codex', '.ssh', '.aws', '.gnupg', '.config/gcloud', '.netrc', '.docker'];
    const { denied, missing } = await plan(place);
    expect(denied.slice(0, 8)).toEqual([place.dataDir, ...names.map((name) => join(place.home, name))]);
    const absent = names.filter((name) => name !== '.ssh');
    expect(missing).toEqual(absent.map((name) => join(place.home, name)));
  });

  it('denies the outermost directory that is missing above a denied path', async () => {
    const place = makePlace();
    const { denied, missing } = await plan(place, { deniedPaths: ['~/a/b', '~/a/c'] });
    for (const paths of [denied, missing]) {
      expect(paths).toEqual(expect.arrayContaining([join(place.home, '.config'), join(place.home, 'a')]));
      expect(paths.filter((path) => /gcloud|a\/[bc]$/.test(path))).toEqual([]);
    }
  });

  it("denies the user's other CODEX_HOME, and what the task adds", async () => {
    const place = makePlace();
    const userCodexHome = subdirectory(place.root, 'other-codex');
    const secrets = join(place.home, 'secrets');
    const spec = { deniedPaths: ['~/secrets', '/srv/keys', '~/../home/more/'] };
    const { denied } = await plan(place, spec, { env: { CODEX_HOME: userCodexHome } });
    expect(denied.slice(8, 12)).toEqual([userCodexHome, secrets, '/srv/keys', join(place.home, 'more')]);
  });

  it('warns of a denied path that is not there, and refuses one that commands could make', async () => {
    const place = makePlace();
    const missing = await plan(place, { deniedPaths: ['~/secrtes'] });
    expect(missing.warnings).toEqual([`there is no ${place.home}/secrtes, which is to be denied: check the path`]);
    await expect(plan(place, { deniedPaths: [join(place.workspace, 'keys')] })).rejects.toMatchObject({
      code: 'invalid-config',
      details: { field: 'deniedPaths', remedy: 'Check the path, or make it first.' },
    });
  });

  it('refuses to work in, or to open for writing, what holds logins or our data', async () => {
    const place = makePlace();
    await expect(plan(place, {}, { workspace: place.home })).rejects.toMatchObject({ code: 'workspace-refused' });
    await expect(plan(place, {}, { workspace: place.root })).rejects.toMatchObject({ code: 'workspace-refused' });
    const open = (mode: 'rw' | 'ro') => plan(place, { allowedDirs: [{ path: place.home, mode }] });
    await expect(open('rw')).rejects.toMatchObject({ code: 'invalid-config', details: { field: 'allowedDirs' } });
    await expect(open('ro')).resolves.toMatchObject({ readable: [place.home] });
  });

  it('denies the real place behind a link', async () => {
    const place = makePlace();
    const real = subdirectory(place.root, 'keys');
    symlinkSync(real, join(place.home, '.ssh'));
    const { denied } = await plan(place);
    expect(denied).toContain(real);
    expect(denied).not.toContain(join(place.home, '.ssh'));
  });

  it('denies the real place of what is not there yet, when the way to it is a link', async () => {
    const place = makePlace();
    const home = join(place.root, 'linked-home');
    symlinkSync(place.home, home);
    const { denied } = await plan({ ...place, home });
    expect(denied).toContain(join(place.home, '.aws'));
    expect(denied.filter((path) => path.startsWith(home))).toEqual([]);
  });

  it('denies a place whose way is barred by a file', async () => {
    const place = makePlace();
    await new LocalHost().writeFile(join(place.home, '.config'), 'a file');
    await expect(plan(place)).resolves.toMatchObject({
      denied: expect.arrayContaining([join(place.home, '.config', 'gcloud')]),
    });
  });

  it('names each place once', async () => {
    const place = makePlace();
    const { denied } = await plan(
      place,
      { deniedPaths: ['~/.ssh'] },
      { env: { CODEX_HOME: join(place.home, '.codex') } },
    );
    expect(denied).toEqual([...new Set(denied)]);
  });

  it('denies the sockets that our environment names, within a workspace and an allowed directory too', async () => {
    const place = makePlace();
    const [agent, bus] = [subdirectory(place.workspace, 'agent'), subdirectory(place.root, 'listed', 'bus')];
    for (const directory of [agent, bus]) await new LocalHost().writeFile(join(directory, 'socket'), '');
    const env = { SSH_AUTH_SOCK: join(agent, 'socket'), DBUS_SESSION_BUS_ADDRESS: `unix:path=${bus}/socket` };
    const allowedDirs = ['/tmp', join(place.root, 'listed')].map((path) => ({ path, mode: 'rw' as const }));
    const { denied, writable } = await plan(place, { allowedDirs }, { env });
    expect(denied.slice(-2)).toEqual([agent, bus]);
    expect(writable).toEqual(['/tmp', join(place.root, 'listed')]);
  });

  it('denies nothing that lies within what is denied already, sockets neither', async () => {
    const place = makePlace();
    const socket = join(subdirectory(place.home, '.ssh', 'agent'), 'socket');
    await new LocalHost().writeFile(socket, '');
    const { denied } = await plan(place, { deniedPaths: ['~/.config'] }, { env: { DOCKER_HOST: `unix://${socket}` } });
    expect(denied).toContain(join(place.home, '.config'));
    expect(denied).not.toContain(join(place.home, '.config', 'gcloud'));
    expect(denied).not.toContain(socket);
  });

  it('refuses a workspace within what is denied', async () => {
    const place = makePlace();
    const workspace = subdirectory(place.dataDir, 'runs');
    await expect(plan({ ...place, workspace })).rejects.toMatchObject({
      code: 'workspace-refused',
      message: expect.stringContaining(place.dataDir),
    });
  });

  it('refuses a workspace that is denied itself', async () => {
    const place = makePlace();
    await expect(plan(place, { deniedPaths: [place.workspace] })).rejects.toMatchObject({ code: 'workspace-refused' });
  });

  it('sorts allowed directories by what they allow, after our own', async () => {
    const place = makePlace();
    const paths = ['ro', 'rw', 'rox', 'rwx'] as const;
    for (const name of paths) subdirectory(place.home, name);
    const allowedDirs = paths.map((mode) => ({ path: `~/${mode}`, mode }));
    const { writable, readable } = await plan(place, { allowedDirs }, { ours: ['/ours'] });
    expect(writable).toEqual(['/ours', join(place.home, 'rw'), join(place.home, 'rwx')]);
    expect(readable).toEqual([join(place.home, 'ro'), join(place.home, 'rox')]);
  });

  it('holds what is above a denied path where commands may write', async () => {
    const place = makePlace();
    const [inside, listed] = [subdirectory(place.workspace, 'a', 'b'), subdirectory(place.root, 'listed', 'a')];
    const deniedPaths = [subdirectory(inside, 'secret'), subdirectory(listed, 'secret')];
    const allowedDirs = [{ path: join(place.root, 'listed'), mode: 'rw' as const }];
    const { writable } = await plan(place, { deniedPaths, allowedDirs });
    expect(writable).toEqual([join(place.root, 'listed'), join(place.workspace, 'a'), inside, listed]);
  });

  it('holds it in /tmp too, unless /tmp is not there', async () => {
    const place = makePlace();
    const host = Object.assign(new LocalHost({ home: place.home }), {
      realPath: async (path: string) => path,
      exists: async () => true,
    });
    const planned = (isolation: 'standard' | 'strict') =>
      plan(place, { deniedPaths: ['/tmp/above/secret'], isolation }, { host });
    expect((await planned('standard')).writable).toContain('/tmp/above');
    expect((await planned('strict')).writable).toEqual([]);
  });

  it('allows the real place behind a link', async () => {
    const place = makePlace();
    const real = subdirectory(place.root, 'real');
    symlinkSync(real, join(place.home, 'link'));
    const { readable } = await plan(place, { allowedDirs: [{ path: '~/link', mode: 'ro' }] });
    expect(readable).toEqual([real]);
  });

  it('refuses an allowed directory that is not there', async () => {
    const place = makePlace();
    await expect(plan(place, { allowedDirs: [{ path: '~/gone', mode: 'ro' }] })).rejects.toMatchObject({
      code: 'invalid-config',
      details: { field: 'allowedDirs' },
      message: expect.stringContaining(join(place.home, 'gone')),
    });
  });

  it('refuses an allowed directory that leads into what is denied, by a link too', async () => {
    const place = makePlace();
    subdirectory(place.home, '.ssh', 'keys');
    symlinkSync(join(place.home, '.ssh', 'keys'), join(place.root, 'innocent'));
    for (const path of ['~/.ssh', join(place.root, 'innocent')]) {
      await expect(plan(place, { allowedDirs: [{ path, mode: 'ro' }] })).rejects.toMatchObject({
        code: 'invalid-config',
        details: { field: 'allowedDirs', remedy: expect.any(String) },
      });
    }
  });

  it.each(['a*', 'a?', '[a]', '{a,b}'])('refuses the path %s, which Codex would read as a pattern', async (name) => {
    const place = makePlace();
    const refused = { code: 'path-refused', remedy: expect.any(String) };
    await expect(plan(place, { deniedPaths: [`~/${name}`] })).rejects.toMatchObject(refused);
    const path = subdirectory(place.root, name);
    await expect(plan(place, { allowedDirs: [{ path, mode: 'rw' }] })).rejects.toMatchObject(refused);
  });
});
