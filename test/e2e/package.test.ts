import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDirectory } from '../support/directories.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap((n) => (n.endsWith('.md') ? [`docs/${n}`] : [])),
];
const run = promisify(execFile);

/** The TypeScript of a page, example by example. */
const examples = PAGES.flatMap((page) => {
  const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  return blocks.map(([, code = ''], index) => ({ name: `${page} ${index + 1}`, code }));
});
/** Those that need no account, and end by themselves. */
const runnable = examples.filter(({ code }) => code.includes('ScriptedModel') && !code.includes('SIGINT'));

/** A project of somebody's who has installed the package as it is published. */
function makeProject(): string {
  const project = testDirectory('project');
  mkdirSync(join(project, 'node_modules', '@types'), { recursive: true });
  symlinkSync(ROOT, join(project, 'node_modules', 'optio-codex'));
  symlinkSync(join(ROOT, 'node_modules', '@types', 'node'), join(project, 'node_modules', '@types', 'node'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  return project;
}

describe('the package as others use it', () => {
  beforeAll(() => {
    if (!existsSync(join(ROOT, 'dist'))) execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.cjs')]);
  });

  it('has examples, in its documentation too, that are right by its types', async () => {
    const project = makeProject();
    for (const [index, { code }] of examples.entries()) writeFileSync(join(project, `example-${index}.ts`), code);
    cpSync(join(ROOT, 'examples'), join(project, 'examples'), { recursive: true });
    const options = { module: 'nodenext', target: 'es2024', lib: ['es2024', 'esnext.disposable'], strict: true };
    const compilerOptions = {
      ...options,
      types: ['node'],
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
    const { stdout } = await run(tsc, ['-p', '.'], { cwd: project }).catch((failed: { stdout: string }) => failed);
    expect(stdout).toBe('');
  });

  it.each(runnable)('has an example that works: $name', async ({ code }) => {
    const project = makeProject();
    const home = testDirectory('home');
    writeFileSync(join(project, 'example.ts'), code);
    const env = { PATH: process.env.PATH, HOME: home };
    await run(process.execPath, ['example.ts'], { cwd: project, env, timeout: 50_000 });
  });

  it('brings a command', async () => {
    const { stdout } = await run(process.execPath, [join(ROOT, 'dist', 'cli', 'main.js'), '--version']);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(stdout).toContain(version);
  });

  it('exports what it promises, and imports it without starting anything', async () => {
    const project = makeProject();
    const names = 'import * as all from "optio-codex"; console.log(JSON.stringify(Object.keys(all).sort()))';
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', names], { cwd: project });
    expect(JSON.parse(stdout)).toEqual([
      'CODEX_CRED_MANIFEST',
      'CODEX_SEED_MANIFEST',
      'CODEX_SEED_SUFFIX',
      'ChildFailed',
      'CodexConversation',
      'ConversationClosed',
      'EMPTY_RUN_LIST',
      'HostCommandError',
      'LaunchRefused',
      'LocalHost',
      'MemoryRun',
      'Optio',
      'OptioError',
      'SeedUnavailableError',
      'applyEvent',
      'applyRunUpdate',
      'createCodexTask',
      'createRunView',
      'deleteSeed',
      'findCodexBinary',
      'launchCodex',
      'listSeeds',
      'openRequests',
      'purgeSeed',
      'runCodexSession',
      'verifyAndRefreshSeed',
    ]);
  });

  it('exports a client that brings nothing else with it', async () => {
    const project = makeProject();
    const names = 'import * as all from "optio-codex/client"; console.log(JSON.stringify(Object.keys(all).sort()))';
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', names], { cwd: project });
    expect(JSON.parse(stdout)).toEqual([
      'ChildFailed',
      'ConversationClosed',
      'EMPTY_RUN_LIST',
      'HostCommandError',
      'LaunchRefused',
      'OptioClient',
      'OptioError',
      'SeedUnavailableError',
      'applyEvent',
      'applyRunUpdate',
      'connectTo',
      'createRunView',
      'openRequests',
    ]);
  });
});
