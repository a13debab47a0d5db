import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Checkout } from '../support/checkout.ts';

const dist = (checkout: Checkout) => join(checkout.root, 'dist', 'cli', 'main.js');

it('builds what is published when npm prepares the package, and fetches nothing by itself', async () => {
  const checkout = new Checkout();
  expect(await checkout.run('prepare.cjs', [], { env: { npm_lifecycle_event: 'prepare' } })).toMatchObject({ code: 0 });
  expect(checkout.calls).toEqual([
    { program: 'node', args: ['scripts/generate-protocol.ts'], cwd: '.' },
    { program: 'node', args: ['scripts/page.cjs'], cwd: '.' },
    { program: 'tsc', args: ['-p', 'tsconfig.build.json'], cwd: '.' },
  ]);
  expect(statSync(dist(checkout)).mode & 0o111).toBe(0o111);
});

it('builds nothing for `npm start` and `npm test`, or without the compiler', async () => {
  const checkout = new Checkout();
  await checkout.run('prepare.cjs', [], { env: { npm_lifecycle_event: 'prepare', OPTIO_CODEX_SETUP: '1' } });
  rmSync(join(checkout.root, 'node_modules', '.bin', 'tsc'));
  await checkout.run('prepare.cjs', [], { env: { npm_lifecycle_event: 'prepare' } });
  expect(checkout.calls).toEqual([]);
  expect(existsSync(dist(checkout))).toBe(false);
});

it('fetches the development tools first when somebody builds', async () => {
  const checkout = new Checkout();
  expect(await checkout.run('build.cjs')).toMatchObject({ code: 0 });
  expect(checkout.calls.map(({ program }) => program)).toEqual(['npm', 'node', 'node', 'tsc']);
});
