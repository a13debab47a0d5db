import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCodexConfig as read } from '../support/read-codex-config.ts';

const profile = (locked: object) => ({ default_permissions: 'locked', permissions: { locked } });

describe('writeCodexConfig on confinement', () => {
  it('locks a run into its workspace and denies every denied path', () => {
    const filesystem = {
      '/ro': 'read',
      '/caches': 'write',
      '/rw': 'write',
      '/data': 'deny',
      '/home/ada/.ssh': 'deny',
    };
    expect(read()).toMatchObject(profile({ extends: ':workspace', filesystem, network: { enabled: false } }));
  });

  it('lets a read-only run write nowhere', () => {
    const { permissions } = read({ sandbox: 'read-only' }) as { permissions: { locked: { filesystem: object } } };
    expect(permissions.locked).toMatchObject({ extends: ':read-only' });
    expect(Object.values(permissions.locked.filesystem).toSorted()).toEqual(['deny', 'deny', 'read']);
  });

  it.each([
    ['workspace-write', 'write'],
    ['read-only', 'read'],
  ] as const)('lists everything that exists for a strict run, %s', (sandbox, mode) => {
    const strict = read({ sandbox, isolation: 'strict' }) as { permissions: { locked: Record<string, unknown> } };
    expect(strict.permissions.locked).not.toHaveProperty('extends');
    expect(strict.permissions.locked.filesystem).toMatchObject({
      ':minimal': 'read',
      '/opt/codex': 'read',
      ':workspace_roots': { '.': mode },
      '/data': 'deny',
    });
    expect(strict).toHaveProperty('shell_environment_policy.set.TMPDIR', '/homes/run-1/.tmp');
  });

  it('lets a denied path be denied although it is allowed too', () => {
    const access = { denied: ['/x'], writable: ['/x'], readable: ['/x'] };
    expect(read({}, { access })).toHaveProperty('permissions.locked.filesystem', { '/x': 'deny' });
  });

  it('gives full access by name, without a profile of ours', () => {
    const full = read({ sandbox: 'danger-full-access' });
    expect(full).toMatchObject({ default_permissions: ':danger-full-access' });
    expect(full).not.toHaveProperty('permissions');
  });

  it('never says what Codex would put above the profile', () => {
    for (const sandbox of ['read-only', 'workspace-write', 'danger-full-access'] as const) {
      const config = read({ sandbox });
      for (const key of ['sandbox_mode', 'sandbox', 'approval_policy']) expect(config).not.toHaveProperty(key);
    }
  });

  it('trusts neither the workspace nor the repository around it', () => {
    expect(read({}, { gitRoot: '/repo' }).projects).toEqual({
      '/repo/space': { trust_level: 'untrusted' },
      '/repo': { trust_level: 'untrusted' },
    });
  });

  it('means each path itself, whatever characters it has', () => {
    const path = fc.string({ unit: 'grapheme' }).map((name) => `/${name}`);
    const paths = fc.uniqueArray(path, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(paths, (denied) => {
        const config = read({}, { access: { denied, writable: [], readable: [] }, workspace: denied[0] ?? '' });
        const expected = Object.fromEntries(denied.map((one) => [one, 'deny']));
        expect(config).toHaveProperty('permissions.locked.filesystem', expected);
        expect(config.projects).toEqual({ [denied[0] ?? '']: { trust_level: 'untrusted' } });
      }),
    );
  });

  it.each([
    '/a "b" \'c\'',
    '/new\nline\ttab',
    '/back\\slash',
    '/[table]\n"x" = "read"',
    '/\u001b[31m',
    '/ä€𝄞',
    '/a.b=c',
  ])('survives TOML: %j', (path) => {
    const access = { denied: [path], writable: [], readable: [] };
    expect(read({}, { access })).toHaveProperty('permissions.locked.filesystem', { [path]: 'deny' });
  });
});

describe('writeCodexConfig on the network', () => {
  it('opens all of it only where that was asked for', () => {
    const open = read({ networkAccess: true });
    expect(open).toHaveProperty('permissions.locked.network', { enabled: true });
    expect(open).not.toHaveProperty('features.network_proxy');
    expect(open.web_search).toBe('live');
  });

  it('keeps to a list of hosts by Codex’s own proxy', () => {
    const listed = read({ networkAccess: ['a.org', '*.b.org'] });
    const domains = { 'a.org': 'allow', '*.b.org': 'allow' };
    expect(listed).toHaveProperty('permissions.locked.network', { enabled: true, domains });
    expect(listed).toHaveProperty('features.network_proxy', true);
    const { include_only } = listed.shell_environment_policy as { include_only: string[] };
    expect(include_only).toEqual(expect.arrayContaining(['*_PROXY', '*_proxy']));
  });

  it.each([false, ['a.org']])('searches nothing on the web with the network %j', (networkAccess) => {
    expect(read({ networkAccess }).web_search).toBe('disabled');
  });
});
