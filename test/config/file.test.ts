import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../src/config/file.ts';
import { SETTINGS, type Setting, type Settings } from '../../src/config/settings.ts';
import { type ConfigOptions, readConfig } from '../../src/config.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

/** A home with a configuration file in it. */
function write(text: string) {
  const home = testDirectory('config');
  const file = join(subdirectory(home, '.config', 'optio-codex'), 'config.toml');
  writeFileSync(file, text);
  const read = (env: ConfigOptions['env'] = {}, settings: Settings = {}) =>
    readConfig({ env: { HOME: home, ...env }, settings });
  return { home, file, read };
}

/** One that says all there is to say. */
const WHOLE = `
dataDir = "/file/data"
workspacesDir = "/file/workspaces"
traceFile = "/file/trace"

[server]
url = "https://host.example/codex"
tokenFile = "/file/token"
host = "localhost"
port = 1
socket = "/file/socket"
basePath = "/file"
allowedHosts = ["file.example"]
trustProxy = true
idleMs = 1

[seeds]
keep = true

[log]
level = "debug"

[limits]
total = 1
perHost = 2
byTag = { team = 3 }

[run]
model = "model-of-file"
effort = "low"
sandbox = "read-only"
approve = "never"
`;

describe('the configuration file', () => {
  it('may say everything, by the names of the settings', () => {
    const { file, read } = write(WHOLE);
    const config = read();
    expect(Object.keys(config.settings).sort()).toEqual(Object.keys(SETTINGS).sort());
    expect(config).toMatchObject({
      file,
      dataDir: '/file/data',
      workspacesDir: '/file/workspaces',
      traceFile: '/file/trace',
    });
    expect(config.settings).toMatchObject({
      'server.port': 1,
      'server.allowedHosts': ['file.example'],
      'limits.byTag': { team: 3 },
      'run.model': 'model-of-file',
    });
  });

  it('comes after the environment, and that after what is given', () => {
    const { read } = write(WHOLE);
    const env = {
      OPTIO_CODEX_HOME: '/env/data',
      OPTIO_CODEX_PORT: '2',
      OPTIO_CODEX_TRUST_PROXY: 'false',
      OPTIO_CODEX_ALLOWED_HOSTS: 'a.example, b.example',
      OPTIO_CODEX_LOG_LEVEL: 'error',
    };
    const said = read(env);
    expect(said.dataDir).toBe('/env/data');
    expect(said.settings).toMatchObject({
      'server.port': 2,
      'server.trustProxy': false,
      'server.allowedHosts': ['a.example', 'b.example'],
      'log.level': 'error',
      'server.basePath': '/file',
    });
    expect(read(env, { 'server.port': 3 }).settings).toMatchObject({ 'server.port': 3, 'log.level': 'error' });
  });

  it.each(Object.entries<Setting>(SETTINGS).filter(([, { variable }]) => variable !== undefined))(
    'is overruled in %s by its variable',
    (name, { variable = '' }) => {
      const texts: Record<string, string> = {
        'server.url': 'http://env.example',
        'server.port': '9',
        'server.idleMs': '9',
        'server.trustProxy': '0',
        'seeds.keep': 'false',
        'log.level': 'silent',
      };
      const { read } = write(WHOLE);
      const file = read().settings[name as keyof Settings];
      expect(read({ [variable]: texts[name] ?? '/env' }).settings[name as keyof Settings]).not.toEqual(file);
      expect(read({ [variable]: '' }).settings[name as keyof Settings]).toEqual(file);
    },
  );

  it('need not be there, unless somebody has named it', () => {
    const home = testDirectory('config');
    expect(readConfig({ env: { HOME: home } }).settings).toEqual({});
    const file = join(home, 'mine.toml');
    const env = { HOME: home, OPTIO_CODEX_CONFIG: file };
    expect(() => readConfig({ env })).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: expect.stringContaining(`${file} cannot be read: ENOENT`),
        details: expect.objectContaining({ remedy: 'Correct OPTIO_CODEX_CONFIG, or make the file readable.' }),
      }),
    );
    writeFileSync(file, '[server]\nport = 5\n');
    expect(readConfig({ env })).toMatchObject({ file, settings: { 'server.port': 5 } });
  });

  it('lies where XDG_CONFIG_HOME says', () => {
    const { home, read } = write('[server]\nport = 5\n');
    const other = subdirectory(home, 'other');
    expect(read({ XDG_CONFIG_HOME: other })).toMatchObject({
      file: join(other, 'optio-codex', 'config.toml'),
      settings: {},
    });
  });

  it('is told when it is there and cannot be read', () => {
    const { home } = write('');
    const file = join(home, 'directory');
    mkdirSync(file);
    expect(() => readConfigFile(file, false)).toThrow(expect.objectContaining({ code: 'invalid-config' }));
  });

  it.each([
    ['port = ', 'is no TOML: '],
    ['a = 1\na = 2', 'is no TOML: '],
  ])('says where it is no TOML: %j', (text, why) => {
    const { file, read } = write(text);
    expect(() => read()).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(`${file} ${why}`) }),
    );
  });

  it.each([
    ['prot = 1', 'prot'],
    ['[server]\nprot = 1', 'server.prot'],
    ['[server.log]\nlevel = "info"', 'server.log.level'],
    ['[limit]\ntotal = 1', 'limit.total'],
    ['constructor = 1', 'constructor'],
  ])('refuses a name that is none: %j', (text, name) => {
    const { file, read } = write(text);
    expect(() => read()).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: `${file}: there is no setting ${name}`,
        details: { field: name, remedy: expect.stringContaining('There are: dataDir, workspacesDir, ') },
      }),
    );
  });

  it.each([
    ['[server]\nport = "7420"', 'server.port', /expected number, received string/],
    ['[server]\nport = 70000', 'server.port', /65535/],
    ['[server]\ntrustProxy = 1', 'server.trustProxy', /expected boolean/],
    ['[server]\nallowedHosts = "a"', 'server.allowedHosts', /expected array/],
    ['[server]\nurl = "ftp://host"', 'server.url', /it is not an address such as https:\/\/host\/codex/],
    ['[server]\nbasePath = "codex"', 'server.basePath', /it has to be like \/codex/],
    ['[server]\nidleMs = -1', 'server.idleMs', />=0/],
    ['[log]\nlevel = "loud"', 'log.level', /"debug"\|"info"/],
    ['[limits]\nbyTag = { team = "two" }', 'limits.byTag', /expected number/],
    ['[run]\nsandbox = "danger-full-access"', 'run.sandbox', /"read-only"\|"workspace-write"/],
    ['dataDir = "data"', 'dataDir', /data is not an absolute path/],
  ])('refuses what a setting cannot be: %j', (text, name, why) => {
    const { file, read } = write(text);
    const refused = {
      code: 'invalid-config',
      message: expect.stringMatching(why),
      details: expect.objectContaining({ field: name, remedy: expect.any(String) }),
    };
    expect(() => read()).toThrow(expect.objectContaining(refused));
    expect(() => read()).toThrow(`${file}: ${name}: `);
  });

  it.each([
    ['OPTIO_CODEX_PORT', 'many', /expected number/],
    ['OPTIO_CODEX_PORT', '-1', /expected number/],
    ['OPTIO_CODEX_TRUST_PROXY', 'yes', /expected boolean/],
    ['OPTIO_CODEX_IDLE_MS', '99999999999', /2147483647/],
    ['OPTIO_CODEX_SOCKET', 'relative', /relative is not an absolute path/],
    ['OPTIO_CODEX_ALLOWED_HOSTS', 'a,,b', />=1/],
  ])('names the variable that cannot be so: %s=%s', (variable, value, why) => {
    const { read } = write('');
    const refused = {
      code: 'invalid-config',
      message: expect.stringMatching(new RegExp(`^${variable}: .*${why.source}`)),
      details: expect.objectContaining({ field: variable }),
    };
    expect(() => read({ [variable]: value })).toThrow(expect.objectContaining(refused));
  });
});
