import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { NEWEST, OLDEST, type TestedBinary } from '../support/codex.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A checkout with the script and what it needs, in which a package is called as the one that we depend on. */
function makeCheckout() {
  const root = testDirectory('protocol');
  for (const path of ['package.json', 'scripts/generate-protocol.ts', 'src/errors.ts', 'src/hosts'])
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  for (const name of ['binary.ts', 'version.ts']) cpSync(join(ROOT, 'src/codex', name), join(root, 'src/codex', name));
  const [, platform = '', path = ''] = /(@openai\/codex-[^/]+)\/(.*)$/.exec(NEWEST.path) ?? [];
  for (const name of ['@openai/codex', platform])
    cpSync(join(ROOT, 'node_modules', name, 'package.json'), join(root, 'node_modules', name, 'package.json'));
  const binary = join(subdirectory(root, 'node_modules', platform, dirname(path)), 'codex');
  return {
    /** Puts a binary into the package, whatever the version of that. */
    install({ path: from }: TestedBinary) {
      rmSync(binary, { force: true });
      symlinkSync(from, binary);
    },
    /** Runs the script, and gives what it says. */
    generate() {
      const { status, stderr } = spawnSync(process.execPath, ['scripts/generate-protocol.ts'], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
      return stderr;
    },
    read: (name: string) => readFileSync(join(root, 'src/codex/protocol', name), 'utf8'),
  };
}

it('makes the types anew for a binary that says it has another version, though its package has the same', () => {
  const { install, generate, read } = makeCheckout();
  install(NEWEST);
  expect(generate()).toMatch(`protocol types from codex ${NEWEST.version}\n`);
  expect(read('methods.ts')).toContain("'thread/revert'");
  expect(read('methods.ts'), 'params that may be left out').toContain("'account/rateLimits/read'");
  expect(generate(), 'they are there').toBe('');
  install(OLDEST);
  expect(generate()).toMatch(`protocol types from codex ${OLDEST.version}\n`);
  expect(read('methods.ts')).toContain("'thread/rollback'");
  expect(read('methods.ts')).not.toContain("'thread/revert'");
  expect(read('VERSION')).toContain(`codex ${OLDEST.version}, `);
  expect(generate(), 'they are there').toBe('');
});
