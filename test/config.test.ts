import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type ConfigOptions, readConfig } from '../src/config.ts';

const ENV = {
  HOME: '/home/ada',
  XDG_DATA_HOME: '/xdg',
  OPTIO_CODEX_HOME: '/env/data',
  OPTIO_CODEX_WORKSPACES: '/env/workspaces',
  OPTIO_CODEX_TRACE: '/env/trace',
};

describe('readConfig', () => {
  it.each<[string, ConfigOptions, string, string]>([
    ['options before everything', { dataDir: '/o/data', workspacesDir: '/o/w', env: ENV }, '/o/data', '/o/w'],
    ['the environment before defaults', { env: ENV }, '/env/data', '/env/workspaces'],
    [
      'XDG_DATA_HOME before the home',
      { env: { HOME: '/home/ada', XDG_DATA_HOME: '/xdg' } },
      '/xdg/optio-codex',
      '/xdg/optio-codex-workspaces',
    ],
    [
      'the home in the end',
      { env: { HOME: '/home/ada' } },
      '/home/ada/.local/share/optio-codex',
      '/home/ada/.local/share/optio-codex-workspaces',
    ],
    ['workspaces beside the data that was chosen', { dataDir: '/o/data', env: {} }, '/o/data', '/o/data-workspaces'],
    [
      'a variable that is empty like one that is not set',
      { env: { HOME: '/h', XDG_DATA_HOME: '', OPTIO_CODEX_HOME: '', OPTIO_CODEX_WORKSPACES: '' } },
      '/h/.local/share/optio-codex',
      '/h/.local/share/optio-codex-workspaces',
    ],
    ['a slash at the end for nothing', { env: { OPTIO_CODEX_HOME: '/data/' } }, '/data', '/data-workspaces'],
  ])('takes %s', (_what, options, dataDir, workspacesDir) => {
    expect(readConfig(options)).toMatchObject({ dataDir, workspacesDir });
  });

  it.each([{}, { HOME: '' }])('finds the home of the user without HOME: %o', (env) => {
    expect(readConfig({ env }).dataDir).toBe(`${homedir()}/.local/share/optio-codex`);
  });

  it('takes the trace file of the options before that of the environment, and none otherwise', () => {
    expect(readConfig({ traceFile: '/o/trace', env: ENV }).traceFile).toBe('/o/trace');
    expect(readConfig({ env: ENV }).traceFile).toBe('/env/trace');
    expect(readConfig({ env: { HOME: '/h', OPTIO_CODEX_TRACE: '' } }).traceFile).toBeUndefined();
  });

  it('hands the environment on as it is', () => {
    expect(readConfig({ env: ENV }).env).toBe(ENV);
    expect(readConfig({ dataDir: '/d' }).env).toBe(process.env);
  });

  it.each([
    ['dataDir', { dataDir: 'd', env: ENV }],
    ['OPTIO_CODEX_HOME', { env: { OPTIO_CODEX_HOME: 'data' } }],
    ['XDG_DATA_HOME', { env: { HOME: '/h', XDG_DATA_HOME: 'share' } }],
    ['XDG_CONFIG_HOME', { env: { HOME: '/h', XDG_CONFIG_HOME: 'config' } }],
    ['OPTIO_CODEX_CONFIG', { env: { HOME: '/h', OPTIO_CODEX_CONFIG: 'config.toml' } }],
    ['workspacesDir', { workspacesDir: './w', env: ENV }],
  ])('refuses a %s that is not absolute', (field, options) => {
    const refused = { code: 'invalid-config', details: { field, remedy: 'Start it with /.' } };
    expect(() => readConfig(options)).toThrow(expect.objectContaining(refused));
  });
});
