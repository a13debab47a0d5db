import { describe, expect, it } from 'vitest';
import { Checkout } from '../support/checkout.ts';

const ALL = ['git', 'tmux', 'curl', 'openssl', 'chromium'];
const vitest = (...args: string[]) => ({ program: 'vitest', args: ['run', ...args], cwd: '.' });
const aptGet = (...args: string[]) => ({ program: 'apt-get', args, cwd: '.' });
/** Where full tests begin: with room. */
const REMOVES = { program: 'node', args: ['scripts/remove-left-behind.ts'], cwd: '.' };
const PAGE = { program: 'node', args: ['scripts/page.cjs'], cwd: '.' };
const fetched = ({ calls }: Checkout) => calls.flatMap(({ program, cwd }) => (program === 'npm' ? [cwd] : []));
const others = ({ calls }: Checkout) => calls.filter(({ program }) => program !== 'npm');

/** A checkout on a machine with these programs. */
function checkoutWith(...programs: string[]): Checkout {
  const checkout = new Checkout();
  checkout.add(...programs);
  return checkout;
}

describe('npm test', () => {
  it('fetches the development tools and the oldest codex, and only then runs the tests that were named', async () => {
    const checkout = checkoutWith(...ALL);
    expect(await checkout.run('test.cjs', ['test/some'])).toMatchObject({ code: 0 });
    expect(fetched(checkout)).toEqual(['.', './test/binaries']);
    expect(others(checkout)).toEqual([REMOVES, PAGE, vitest('test/some')]);
    expect(checkout.calls.flatMap(({ args }) => args)).not.toContain('--omit=dev');
  });

  it('checks everything first when nothing is named, and stops at the first step that fails', async () => {
    const checkout = checkoutWith(...ALL);
    expect((await checkout.run('test.cjs')).code).toBe(0);
    const names = others(checkout).map(({ program, args }) => `${program} ${args[0]}`);
    const build = 'node scripts/build.cjs';
    const page = 'node scripts/page.cjs';
    const types = ['node scripts/generate-protocol.ts', 'tsc --noEmit', 'tsc --noEmit'];
    const checks = [page, ...types, 'biome ci', 'knip --no-progress', build];
    expect(names).toEqual(['node scripts/remove-left-behind.ts', ...checks, 'publint --strict', 'vitest run']);

    const failing = checkoutWith(...ALL);
    failing.end('biome', 1, 'this is no style\n');
    const { code, stdout } = await failing.run('test.cjs');
    expect(code).toBe(1);
    expect(stdout).toMatch(/this is no style\nFAIL style \(\d+\.\d s\)\n$/);
    expect(others(failing).at(-1)?.program).toBe('biome');
  });

  it('ends as the tests end', async () => {
    const checkout = checkoutWith(...ALL);
    checkout.end('vitest', 1);
    expect((await checkout.run('test.cjs', ['x'])).code).toBe(1);
  });

  it('--fast fetches the development tools and those of the page only, and minds no missing program', async () => {
    const checkout = new Checkout();
    expect(await checkout.run('test.cjs', ['--fast', 'x'])).toMatchObject({ code: 0 });
    expect(fetched(checkout)).toEqual(['.', './web']);
    expect(others(checkout)).toEqual([vitest('--project', 'fast', 'x')]);
  });
});

describe('programs that the tests need and that are missing', () => {
  const INSTALL = ['install', '-y', '-q', 'tmux', 'openssl'];

  it('are installed as root', async () => {
    const checkout = checkoutWith('git', 'curl', 'chromium', 'apt-get');
    expect(await checkout.run('test.cjs', ['x'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('optio-codex: installing tmux openssl (once) …\n'),
    });
    expect(others(checkout)).toEqual([aptGet(...INSTALL), REMOVES, PAGE, vitest('x')]);
  });

  it.each([
    ['E: Unable to locate package tmux\n', 'E: Unable to locate package tmux'],
    ['', 'exit code 100'],
  ])('are named when apt-get fails twice with the words %j, and no test is run', async (stderr, why) => {
    const checkout = checkoutWith('git', 'curl', 'chromium', 'apt-get');
    checkout.end('apt-get', 100, stderr);
    const ended = await checkout.run('test.cjs', ['x']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('optio-codex: the tests need tmux, openssl: apt-get failed');
    expect(ended.stderr).toContain(why);
    expect(ended.stderr).not.toContain('TypeError');
    expect(others(checkout)).toEqual([aptGet(...INSTALL), aptGet('update', '-q'), aptGet(...INSTALL)]);
  });

  it.each([
    ['as another user', { uid: 1000 }, ['git', 'curl', 'chromium', 'apt-get']],
    ['without apt-get', {}, ['git', 'curl', 'chromium']],
  ])('are named %s, and nothing is run', async (_, options, programs) => {
    const checkout = checkoutWith(...programs);
    expect(await checkout.run('test.cjs', ['x'], options)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('optio-codex: the tests need tmux, openssl: install tmux openssl first\n'),
    });
    expect(others(checkout)).toEqual([]);
  });
});
