import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowedEnvironment, trustedPath } from '../../src/hosts/environment.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

describe('allowedEnvironment', () => {
  it('lets through what a program needs to find its way about', () => {
    const needed = {
      PATH: '/bin',
      LANG: 'C.UTF-8',
      LC_ALL: 'C',
      TZ: 'UTC',
      https_proxy: 'http://p',
      SSL_CERT_FILE: '/c',
    };
    expect(allowedEnvironment(needed)).toEqual(needed);
  });

  it.each([
    'OPENAI_API_KEY',
    'CODEX_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'GITHUB_TOKEN',
    'SSH_AUTH_SOCK',
    'HOME',
    'CODEX_HOME',
    'NODE_OPTIONS',
    'LD_PRELOAD',
    'GIT_SSH_COMMAND',
    'MY_PATH',
    'PATH_TO_KEY',
    'path',
  ])('keeps back %s', (name) => {
    expect(allowedEnvironment({ [name]: 'x' })).toEqual({});
  });

  it('leaves out what has no value', () => {
    expect(allowedEnvironment({ PATH: undefined, LANG: '' })).toEqual({ LANG: '' });
  });

  it('scrubs names that match a pattern, with a star for anything', () => {
    const source = { PATH: '/bin', LC_ALL: 'C', LC_TIME: 'C', http_proxy: 'a', https_proxy: 'b', HTTP_PROXY: 'c' };
    expect(allowedEnvironment(source, ['LC_*', '*_proxy'])).toEqual({ PATH: '/bin', HTTP_PROXY: 'c' });
    expect(allowedEnvironment(source, ['*'])).toEqual({});
  });

  it('tells upper and lower case apart, in names and in patterns (C16)', () => {
    const source = { LANG: 'C', http_proxy: 'a', HTTP_PROXY: 'b' };
    expect(allowedEnvironment(source, ['lang', 'Http_*'])).toEqual(source);
    expect(allowedEnvironment(source, ['LANG', 'HTTP_*'])).toEqual({ http_proxy: 'a' });
  });

  it('takes everything in a pattern but the star as it is written', () => {
    expect(allowedEnvironment({ PATH: '/bin' }, ['P.TH', 'PAT', 'ATH', '(', '[A-Z]+', '^PATH$'])).toEqual({
      PATH: '/bin',
    });
  });
});

describe('trustedPath', () => {
  it('keeps what is absolute and outside of what is distrusted, also by the name of a link', () => {
    const root = testDirectory('path');
    const [project, tools] = [subdirectory(root, 'project', 'bin'), subdirectory(root, 'tools')];
    symlinkSync(project, join(root, 'link'));
    const path = [
      '/usr/bin',
      project,
      '',
      '.',
      'node_modules/.bin',
      join(root, 'link'),
      tools,
      `${tools}/../project/bin`,
    ];
    expect(trustedPath(path.join(':'), new Set([join(root, 'project')]))).toBe(`/usr/bin:${tools}`);
    expect(trustedPath(path.join(':'), new Set([join(root, 'link')]))).toBe(`/usr/bin:${tools}`);
  });

  it('is that of the system where nothing is left of it', () => {
    expect(trustedPath('bin:/work/bin', new Set(['/work']))).toBe('/usr/local/bin:/usr/bin:/bin');
  });
});
