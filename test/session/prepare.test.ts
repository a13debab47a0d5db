import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PINNED_VERSION } from '../../src/codex/binary.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { checkConfig } from '../../src/session/config.ts';
import { prepare } from '../../src/session/prepare.ts';
import { Teardown } from '../../src/session/teardown.ts';
import type { RunContext, RunDirectories } from '../../src/task/context.ts';
import { NO_LOGINS } from '../../src/task/logins.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { makeRun } from '../support/memory-run.ts';

interface Options {
  readonly env?: RunContext['env'];
  readonly directories?: Partial<RunDirectories>;
  /** The logins that are saved. */
  readonly saved?: readonly string[];
}

/** Prepares a run that is to be refused, and gives what it was refused for and what is left of it. */
async function refuse(root: string, spec: Partial<RunSpec>, { env = {}, directories = {}, saved = [] }: Options = {}) {
  const data = directories.data ?? join(root, 'data');
  const places = { data, run: join(data, 'runs', 'run-1'), workspaces: join(root, 'workspaces'), ...directories };
  const home = subdirectory(root, 'home');
  const logins = { ...NO_LOGINS, names: async () => saved };
  const context = makeRun({ host: new LocalHost({ home }), env, directories: places, logins });
  const config = checkConfig({ instructions: 'Do it', workspace: { fresh: true }, ...spec });
  const teardown = new Teardown();
  const error: unknown = await prepare({ context, config, teardown, onLogin: () => {} }).then(
    () => expect.unreachable('it was not refused'),
    (thrown: unknown) => thrown,
  );
  const failed = await teardown.run();
  return { error, failed, places, home };
}

const PROVIDER = { provider: { baseUrl: 'http://provider.invalid/v1' }, model: 'm' };
const FULL = { ...PROVIDER, sandbox: 'danger-full-access' } as const;
const KEY = { provider: { ...PROVIDER.provider, keyVariable: 'KEY' }, model: 'm' };

describe('prepare', () => {
  it('refuses to keep our data under /tmp, where every command may write', async () => {
    const root = testDirectory();
    symlinkSync('/tmp', join(root, 'link'));
    const data = join(root, 'link', `optio-codex-refused-${process.pid}`);
    const { error } = await refuse(root, PROVIDER, { directories: { data } });
    expect(error).toMatchObject({ code: 'path-refused', remedy: expect.stringContaining('OPTIO_CODEX_HOME') });
    expect(existsSync(data)).toBe(false);
  });

  it('refuses workspaces within our data, which no command may read', async () => {
    const root = testDirectory();
    const { error } = await refuse(root, PROVIDER, { directories: { workspaces: join(root, 'data', 'spaces') } });
    expect(error).toMatchObject({ code: 'path-refused', remedy: expect.stringContaining('OPTIO_CODEX_WORKSPACES') });
  });

  it("looks for the user's login in the home, when CODEX_HOME is empty", async () => {
    const { error, home } = await refuse(testDirectory(), {}, { env: { CODEX_HOME: '' } });
    expect(error).toMatchObject({ code: 'login-missing', message: expect.stringContaining(join(home, '.codex')) });
  });

  it('refuses full access for a run that holds a login, unless somebody insists', async () => {
    const { error } = await refuse(testDirectory(), { ...FULL, ...KEY }, { env: { KEY: 'sk-1' } });
    expect(error).toMatchObject({
      code: 'invalid-config',
      details: { field: 'sandbox', remedy: expect.stringContaining('exposeLogin') },
    });
    const insisting = { ...FULL, ...KEY, exposeLogin: true, useConfig: ['model'] };
    const insisted = await refuse(testDirectory(), insisting, { env: { KEY: 'sk-1' } });
    expect(insisted.error).toMatchObject({ details: { field: 'useConfig' } });
  });

  it('refuses it also for a run without one where logins are saved, unless somebody insists', async () => {
    const saved = ['work'];
    const { error } = await refuse(testDirectory(), FULL, { saved });
    expect(error).toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('logins that are saved here'),
      details: { field: 'sandbox', remedy: expect.stringContaining('exposeLogin') },
    });
    const insisting = { ...FULL, exposeLogin: true, useConfig: ['model'] };
    for (const spec of [insisting, { ...PROVIDER, useConfig: ['model'] }]) {
      expect((await refuse(testDirectory(), spec, { saved })).error).toMatchObject({ details: { field: 'useConfig' } });
    }
  });

  it('refuses a picture that is not there', async () => {
    const { error } = await refuse(testDirectory(), { ...PROVIDER, autoStart: true, images: ['/nowhere.png'] });
    expect(error).toMatchObject({ code: 'invalid-config', details: { field: 'images' } });
  });

  it('leaves nothing private behind when it is refused late', async () => {
    const root = testDirectory();
    const deniedPaths = [join(root, 'workspaces')];
    subdirectory(root, 'data', 'templates', `codex-${PINNED_VERSION}`); // so that codex need not be started to make it
    const { error, failed, places } = await refuse(root, { ...PROVIDER, deniedPaths });
    expect(error).toMatchObject({ code: 'workspace-refused' });
    expect(failed).toEqual([]);
    expect(existsSync(places.run)).toBe(false);
    expect(readdirSync(join(places.workspaces, '.homes'))).toEqual([]);
  });

  it('leaves no workspace behind that it has made, with its files, when it is refused after that', async () => {
    const root = testDirectory();
    subdirectory(root, 'data', 'templates', `codex-${PINNED_VERSION}`);
    const workspace = { fresh: true, files: { 'a.txt': 'a' } } as const;
    const allowedDirs = [{ path: '/nowhere', mode: 'ro' as const }];
    const { error, failed, places } = await refuse(root, { ...PROVIDER, workspace, allowedDirs });
    expect(error).toMatchObject({ message: expect.stringContaining('/nowhere') });
    expect(failed).toEqual([]);
    expect(readdirSync(places.workspaces)).toEqual(['.homes']);
  });

  it('never removes a directory that was there before', async () => {
    const root = testDirectory();
    subdirectory(root, 'data', 'templates', `codex-${PINNED_VERSION}`);
    const directory = subdirectory(root, 'project');
    const allowedDirs = [{ path: '/nowhere', mode: 'ro' as const }];
    const { error } = await refuse(root, { ...PROVIDER, workspace: { directory }, allowedDirs });
    expect(error).toMatchObject({ message: expect.stringContaining('/nowhere') });
    expect(existsSync(directory)).toBe(true);
  });
});
