import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/testing/index.ts';
import { BINARIES, startConversation } from '../../support/codex.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { outputsOf, withProfile } from './locked.ts';

/** A directory with a text in it that tells where it lies. */
function directoryWith(text: string, ...path: [string, ...string[]]): string {
  const directory = subdirectory(...path);
  writeFileSync(join(directory, 'text'), `${text}\n`);
  return directory;
}

describe.each(BINARIES)('the paths of a profile with codex $version', (binary) => {
  const outputOf = async (command: string, filesystem: object, profile: object = { extends: ':workspace' }) => {
    // Codex looks for AGENTS.md in the sandbox too; without it the command is the first to fail.
    const config = { ...withProfile({ ...profile, filesystem }), project_doc_max_bytes: 0 };
    return (await outputsOf([run(command)], { binary, config })).join();
  };

  it('are patterns with a star, a question mark or brackets in them, and then deny nothing', async () => {
    const root = testDirectory('patterns');
    const names = ['st*r', 'que?tion', 'brac[ke]ts'];
    const denied = ['plain', ...names].map((name) => directoryWith(`<${name}>`, root, name));
    const output = await outputOf(`cat '${root}'/*/text`, Object.fromEntries(denied.map((path) => [path, 'deny'])));
    for (const name of names) expect(output).toContain(`<${name}>`);
    expect(output).not.toContain('<plain>');
  });

  it('do not make readable, but do make writable, what lies within a denied one', async () => {
    const root = testDirectory('nested');
    const readable = directoryWith('READABLE', root, 'readable');
    const writable = directoryWith('WRITABLE', root, 'writable');
    const filesystem = { [root]: 'deny', [readable]: 'read', [writable]: 'write' };
    const output = await outputOf(`cat '${readable}/text' '${writable}/text'; touch '${writable}/made'`, filesystem);
    expect(output).toContain('WRITABLE');
    expect(output).not.toContain('READABLE');
    expect(existsSync(join(writable, 'made'))).toBe(true);
  });

  it('may lead to a writable directory that is not there, but may not be relative', async () => {
    const missing = join(testDirectory('missing'), 'missing');
    const output = await outputOf(`echo ran; touch '${missing}/made'`, { [missing]: 'write' });
    expect(output).toContain('ran\n');
    expect(existsSync(missing)).toBe(false);
    const relative = withProfile({ extends: ':workspace', filesystem: { 'some/directory': 'write' } });
    await expect(startConversation({ binary, config: relative })).rejects.toMatchObject({
      code: 'codex-config-rejected',
      message: expect.stringContaining('`some/directory` must be absolute'),
    });
  });

  it('let no command run when a denied one is a link', async () => {
    const root = testDirectory('link');
    symlinkSync(directoryWith('SECRET', root, 'real'), join(root, 'link'));
    const output = await outputOf('echo ran', { [join(root, 'link')]: 'deny' });
    expect(output).toContain("bwrap: Can't mount tmpfs");
    expect(output).not.toContain('ran\n');
  });

  it('are no longer all there is when the profile has a parent beside ":minimal"; without one codex itself is not there', async () => {
    const outside = directoryWith('OUTSIDE', testDirectory('minimal'), 'outside');
    const command = `echo ran; cat '${outside}/text'`;
    const minimal = { ':minimal': 'read', ':workspace_roots': { '.': 'write' } };
    expect(await outputOf(command, minimal)).toMatch(/ran\n(.*\n)*OUTSIDE/);
    const strict = await outputOf(command, { ...minimal, [dirname(dirname(binary.path))]: 'read' }, {});
    expect(strict).toContain('ran\n');
    expect(strict).not.toContain('OUTSIDE');
    expect(await outputOf(command, minimal, {})).toContain(`bwrap: execvp ${binary.path}: No such file`);
  });

  it('do not open .git in the workspace, so that no command can make a commit', async () => {
    expect(await outputOf('git init 2>&1', { '/nowhere': 'deny' })).toMatch(/\.git.*Read-only file system/);
  });
});
