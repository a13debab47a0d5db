import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProcessMark } from '../../../src/hosts/host.ts';
import { findMarked } from '../../../src/hosts/processes.ts';
import { escalate, shell } from '../../../src/testing/index.ts';
import { BINARIES, NEWEST, OLDEST, startConversation, type TestedBinary } from '../../support/codex.ts';
import { isRunning } from '../../support/commands-of.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { skipFor } from '../../support/privileges.ts';
import { until } from '../../support/processes.ts';
import { CANARY, layOutLocked, outputsOf, withProfile } from './locked.ts';

/** A directory with a text in it that tells where it lies. */
function directoryWith(text: string, ...path: [string, ...string[]]): string {
  const directory = subdirectory(...path);
  writeFileSync(join(directory, 'text'), `${text}\n`);
  return directory;
}

describe.each(BINARIES)('the paths of a profile with codex $version', (binary) => {
  // Codex looks for AGENTS.md in the sandbox too, meanwhile; without it the command is alone there, and the first to fail.
  const configOf = (filesystem: object, profile: object = { extends: ':workspace' }) => {
    return { ...withProfile({ ...profile, filesystem }), project_doc_max_bytes: 0 };
  };
  const outputOf = async (command: string, filesystem: object, profile?: object) => {
    const config = configOf(filesystem, profile);
    return (await outputsOf([shell(command)], { binary, config })).join();
  };

  it('are patterns with a star, a question mark or brackets in them, and then deny nothing', async () => {
    const root = testDirectory('patterns');
    const names = ['st*r', 'que?tion', 'brac[ke]ts'];
    const denied = ['plain', ...names].map((name) => directoryWith(`<${name}>`, root, name));
    const output = await outputOf(`cat '${root}'/*/text`, Object.fromEntries(denied.map((path) => [path, 'deny'])));
    for (const name of names) expect(output).toContain(`<${name}>`);
    expect(output).not.toContain('<plain>');
  });

  it('that are patterns for the workspace close what is there when a command begins, but not what it makes itself', async () => {
    const config = configOf({ ':workspace_roots': { '.': 'write', '**/*.env': 'deny' } });
    const make = shell('echo MADE-BY-ITSELF > made.env; cat made.env');
    const [first, second] = await outputsOf([make, shell('cat made.env; echo ran')], { binary, config });
    expect(first).toContain('MADE-BY-ITSELF');
    expect(second).toContain('ran\n');
    expect(second).not.toContain('MADE-BY-ITSELF');
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

  it('do not keep a denied one closed when commands may rename a directory above it', async () => {
    const root = testDirectory('renamed');
    const denied = directoryWith('SECRET', root, 'above', 'denied');
    const config = withProfile({ extends: ':workspace', filesystem: { [root]: 'write', [denied]: 'deny' } });
    const rename = shell(
      `mv '${denied}' '${root}/other' 2>&1; mv '${root}/above' '${root}/renamed'; cat '${root}'/*/*/text`,
    );
    const read = shell(`cat '${root}/renamed/denied/text'`);
    const [first, second] = await outputsOf([rename, read], { binary, config });
    expect(first).toContain('Device or resource busy');
    expect(first).not.toContain('SECRET');
    expect(second).toContain('SECRET');
  });

  it('keep a denied one closed when all above it are listed as writable, but for an accepted command (0.169)', async () => {
    const root = testDirectory('listed');
    const denied = directoryWith('SECRET', root, 'above', 'between', 'denied');
    const listed = [root, join(root, 'above'), join(root, 'above/between')];
    const filesystem = { ...Object.fromEntries(listed.map((path) => [path, 'write'])), [denied]: 'deny' };
    const config = withProfile({ extends: ':workspace', filesystem });
    const rename = `cd '${root}'; mv above/between above/other 2>&1; mv above other 2>&1; touch above/made above/between/made && echo WROTE`;
    const read = shell(`cat '${root}'/*/*/*/text`);
    const calls = [shell(rename), read, shell(rename, { escalate: 'I need it' }), read];
    const outputs = await outputsOf(calls, { binary, config, conversation: { permissionGate: true } });
    expect(outputs[0]).toMatch(/(.*Device or resource busy\n){2}WROTE/);
    expect(outputs[1]).not.toContain('SECRET');
    expect(outputs[3]?.includes('SECRET')).toBe(binary === NEWEST);
  });

  it('open what a link leads to that a command has put above a writable one, or in the place of one', async () => {
    const root = testDirectory('replaced');
    const [above, missing] = [join(root, 'above'), join(root, 'missing')];
    const outside = ['first', 'second'].map((name) => subdirectory(testDirectory('outside'), name, 'nested'));
    const [first = '', second = ''] = outside;
    const filesystem = { [root]: 'write', [subdirectory(above, 'nested')]: 'write', [missing]: 'write' };
    const replace = `mv '${above}' '${root}/aside'; ln -s '${dirname(first)}' '${above}'; ln -s '${second}' '${missing}'`;
    const write = outside.map((path) => `touch '${path}/made'`).join('; ');
    const config = withProfile({ extends: ':workspace', filesystem });
    const [before] = await outputsOf([shell(`${write}; ${replace}`), shell(write)], { binary, config });
    expect(before?.match(/Read-only file system/g)).toHaveLength(2);
    expect(outside.map((path) => existsSync(join(path, 'made')))).toEqual([true, true]);
  });

  it('put an empty file in the place of a denied one that is missing where commands may write', async () => {
    const root = testDirectory('placeholder');
    const filesystem = { [root]: 'write', [join(root, 'missing')]: 'deny' };
    expect(await outputOf(`stat -c '<%F>' '${root}/missing'`, filesystem)).toContain('<regular empty file>');
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

  it('leave open whatever they do not deny, such as the home of codex and /tmp', async () => {
    const command = 'cat ~/config.toml; file=$(mktemp -p /tmp) && echo WROTE && rm "$file"';
    expect(await outputOf(command, { '/nowhere': 'deny' })).toMatch(/model_provider(.*\n)*WROTE/);
    expect(await outputOf(command, { '~/config.toml': 'deny' })).not.toContain('model_provider');
  });

  it('mean nothing with full access', async () => {
    const config = withProfile({ extends: ':workspace', filesystem: { '~/config.toml': 'deny' } });
    const full = { binary, config, conversation: { sandbox: 'danger-full-access' } } as const;
    expect((await outputsOf([shell('cat ~/config.toml')], full)).join()).toContain('model_provider');
  });

  it('do not open .git in the workspace, so that no command can make a commit', async () => {
    expect(await outputOf('git init 2>&1', { '/nowhere': 'deny' })).toMatch(/\.git.*Read-only file system/);
  });

  it('are put into the workspace as empty directories, which stay when the sandbox is killed', async () => {
    const { conversation, workspace, codex, reader } = await startConversation({
      binary,
      config: withProfile({ extends: ':workspace', filesystem: { '/nowhere': 'deny' } }),
      script: [shell('sleep 381')],
      conversation: { sandbox: null },
    });
    (await conversation.send('go')).completed.catch(() => {});
    // Codex has been in the sandbox before, and has tidied up: what is there before the command runs says nothing.
    await until(() => isRunning(codex, 'sleep 381'), 'the command');
    const helpers = codexHelpers(codex.mark);
    expect(helpers, 'what would remove them').not.toEqual([]);
    for (const pid of [...helpers, codex.process.identity.pid]) process.kill(pid, 'SIGKILL');
    await reader;
    await codex.stop();
    expect(readdirSync(workspace)).toEqual(expect.arrayContaining(['.agents', '.codex', '.git']));
  });
});

describe('a denied path', () => {
  it('can be unmounted by a command of root (0.142)', async ({ skip }) => {
    skipFor(process.getuid?.() === 0 ? undefined : 'only root has capabilities to lose', skip);
    const { denied, secret, config } = layOutLocked();
    const outputWith = async (binary: TestedBinary) =>
      (await outputsOf([shell(`umount '${denied}' 2>&1; cat '${secret}'`)], { binary, config })).join();
    expect(await outputWith(OLDEST)).toContain(CANARY);
    expect(await outputWith(NEWEST)).toMatch(/must be superuser(.*\n)*.*Permission denied/);
  });
});

describe('a denied path that is missing (0.169)', () => {
  const ATTENDED = { permissionGate: true, sandbox: null } as const;
  const outputOf = async (missing: string, command: string) => {
    const config = withProfile({ extends: ':workspace', filesystem: { [missing]: 'deny' } });
    return (
      await outputsOf([escalate(command, 'I need it')], { binary: NEWEST, config, conversation: ATTENDED })
    ).join();
  };

  it('has an empty file in its place for an accepted command, wherever it lies; or the directory above it has', async () => {
    const root = testDirectory('placeholder');
    for (const missing of [join(root, 'missing'), join(root, 'missing', 'nested')])
      expect(await outputOf(missing, `stat -c '<%F>' '${root}/missing'`)).toContain('<regular empty file>');
    await until(() => !existsSync(join(root, 'missing')), 'the end of it, with that of the command');
  });

  it('lets no accepted command run once such a file has stayed in the place of a directory above it', async () => {
    const root = testDirectory('placeholder');
    writeFileSync(join(root, 'left'), '', { mode: 0o444 });
    expect(await outputOf(join(root, 'left'), 'echo ran')).toContain('ran\n');
    const output = await outputOf(join(root, 'left', 'nested'), 'echo ran');
    expect(output).toContain("bwrap: Can't mkdir parents");
    expect(output).not.toContain('ran\n');
  });
});

/** The processes that set the sandbox up, and clean up after it. */
function codexHelpers(mark: ProcessMark): number[] {
  const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return findMarked(mark).flatMap(({ pid }) => (commandOf(pid).includes('/codex-linux-sandbox\0') ? [pid] : []));
}
