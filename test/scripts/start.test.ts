import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Checkout } from '../support/checkout.ts';
import { testDirectory } from '../support/directories.ts';
import { OLD_NODE, whyNoOldNode } from '../support/old-node.ts';
import { skipFor } from '../support/privileges.ts';
import { until } from '../support/processes.ts';

const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
const INSTALL = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
const FOR_RUNS = [...INSTALL, '--omit=dev', `pinned-node@npm:node@${devDependencies.node}`];
const npm = (args: readonly string[], cwd = '.') => ({ program: 'npm', args, cwd });
const PAGE = { program: 'node', args: ['./scripts/page.cjs'], cwd: '.' };
const lockOf = (checkout: Checkout) => join(checkout.root, '.optio-setup.lock');

describe('npm start', () => {
  it('fetches what a run needs, once, and nothing that only tests need', async () => {
    const checkout = new Checkout();
    const cwd = testDirectory('caller');
    const env = { INIT_CWD: cwd };
    expect(await checkout.run('start.cjs', ['run', 'Do it'], { env })).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^optio-codex: fetching codex .* \(once\) …\n$/),
    });
    const main = { program: 'node', args: ['./src/cli/main.ts', 'run', 'Do it'], cwd };
    expect(checkout.calls).toEqual([npm(FOR_RUNS), PAGE, main]);
    expect(await checkout.run('start.cjs', ['run', 'Do it'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(checkout.calls).toEqual([npm(FOR_RUNS), PAGE, main, PAGE, main]);
  });

  it('fetches again what a new lock file names, with the development tools where they are there', async () => {
    const checkout = new Checkout();
    await checkout.run('test.cjs', ['--fast', 'x']);
    await checkout.run('start.cjs');
    appendFileSync(join(checkout.root, 'package-lock.json'), ' ');
    await checkout.run('start.cjs');
    await checkout.run('start.cjs');
    const fetched = checkout.calls.filter(({ program, cwd }) => program === 'npm' && cwd === '.');
    expect(fetched).toEqual([npm(INSTALL), npm(INSTALL)]);
  });

  it('says why nothing could be fetched, runs nothing, and tries again the next time', async () => {
    const checkout = new Checkout();
    checkout.end('npm', 7, 'npm error code EAI_AGAIN\n');
    for (const _ of ['first', 'second']) {
      const { code, stderr } = await checkout.run('start.cjs');
      expect(code).toBe(1);
      expect(stderr).toContain('npm error code EAI_AGAIN\n');
      expect(stderr).toMatch(/optio-codex: npm install .* failed\. Is the npm registry reachable\?\n$/);
    }
    expect(checkout.calls).toEqual([npm(FOR_RUNS), npm(FOR_RUNS)]);
    expect(existsSync(lockOf(checkout))).toBe(false);
  });

  it('uses the npm that has called it', async () => {
    const checkout = new Checkout();
    const cli = join(checkout.root, 'npm-cli.cjs');
    writeFileSync(cli, "require('node:fs').writeFileSync('called', JSON.stringify(process.argv.slice(2)));");
    await checkout.run('start.cjs', [], { env: { npm_execpath: cli } });
    expect(JSON.parse(readFileSync(join(checkout.root, 'called'), 'utf8'))).toEqual(FOR_RUNS);
    expect(checkout.calls.map(({ program }) => program)).toEqual(['node', 'node']);
  });

  it('begins with a Node that is older than ours', async ({ skip }) => {
    skipFor(whyNoOldNode, skip);
    const checkout = new Checkout();
    expect(await checkout.run('start.cjs', ['demo'], { node: OLD_NODE })).toMatchObject({ code: 0 });
    expect(checkout.calls.map(({ program }) => program)).toEqual(['npm', 'node', 'node']);
  });

  it('ends as what it runs ends', async () => {
    const checkout = new Checkout();
    checkout.end('node', 3);
    expect(await checkout.run('start.cjs')).toMatchObject({ code: 3 });
  });
});

describe('two set-ups at once', () => {
  it('do not fetch into one another: the second says for whom it waits, and fetches nothing', async () => {
    const checkout = new Checkout();
    const release = checkout.hold('npm');
    const first = checkout.start('start.cjs', ['first']);
    await until(() => checkout.calls.length === 1, 'the npm of the first');
    const second = checkout.start('start.cjs', ['second']);
    await until(() => second.said().includes('\n'), 'the word of the second');
    expect(second.said()).toBe(
      `optio-codex: waiting for the set-up of pid ${first.pid} (or delete ${lockOf(checkout)}) …\n`,
    );
    release();
    expect(await Promise.all([first.ended, second.ended])).toMatchObject([{ code: 0 }, { code: 0 }]);
    const main = (name: string) => ({ program: 'node', args: ['./src/cli/main.ts', name], cwd: '.' });
    const [fetching, ...mains] = checkout.calls;
    expect(fetching).toEqual(npm(FOR_RUNS));
    const runs = mains.filter(({ args }) => !args.includes('./scripts/page.cjs'));
    expect(runs.sort((a, b) => a.args.join().localeCompare(b.args.join()))).toEqual([main('first'), main('second')]);
    expect(existsSync(lockOf(checkout))).toBe(false);
  });

  it('do not wait for one that has died', async () => {
    const checkout = new Checkout();
    const release = checkout.hold('npm');
    const first = checkout.start('start.cjs');
    await until(() => checkout.calls.length === 1, 'the npm of the first');
    process.kill(first.pid, 'SIGKILL');
    release();
    await first.ended;
    expect(existsSync(lockOf(checkout))).toBe(true);
    expect(await checkout.run('start.cjs')).toMatchObject({ code: 0, stderr: expect.not.stringContaining('waiting') });
    expect(checkout.calls.map(({ program }) => program)).toEqual(['npm', 'npm', 'node', 'node']);
    expect(existsSync(lockOf(checkout))).toBe(false);
  });
});
