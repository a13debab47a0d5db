import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../../src/hosts/local.ts';
import { WorkspaceWatch } from '../../../src/session/changes.ts';
import { Worktree } from '../../../src/session/worktree.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import {
  addToConfig,
  changeUnseen,
  commitAll,
  evilSettings,
  type HostileRepository,
  makeEvilInner,
  makeHostile,
  plantHooks,
  poison,
} from '../../support/hostile-repository.ts';
import { writeInto } from '../../support/repository.ts';
import { BRANCH, createWorktree, IDENTITY, placeOf, RUN } from '../../support/worktree.ts';

/** A host on which our git turns nothing off. */
class CarelessHost extends LocalHost {
  override run([program, ...args]: Parameters<LocalHost['run']>[0], options?: Parameters<LocalHost['run']>[1]) {
    const off = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'submodule.recurse=false', 'protocol.allow=never'];
    const kept = args.filter((arg, at) => !off.includes(arg) && !(arg === '-c' && off.includes(args[at + 1] ?? '')));
    return super.run([program, ...kept], options);
  }
}

/** Plain git falls for it: otherwise the test would show nothing. */
function expectToSing({ git, hasSung }: HostileRepository, ...args: string[]): void {
  expect(hasSung(), 'nothing of ours has run the program').toBe(false);
  try {
    git(...args);
  } catch {
    // The program is no filter.
  }
  expect(hasSung(), 'plain git runs the program').toBe(true);
}

const CONFIGURATIONS: [string, (repository: HostileRepository) => void][] = [
  ['itself', (repository) => addToConfig(repository, evilSettings(repository.program))],
  ['a file that it includes', (repository) => addToConfig(repository, '[include]\n  path = evil.inc')],
  [
    'a file that it includes on our branch',
    (repository) => addToConfig(repository, '[includeIf "onbranch:optio-codex/**"]\n  path = evil.inc'),
  ],
  [
    'a file that it includes in worktrees',
    (repository) => addToConfig(repository, '[includeIf "gitdir:**/worktrees/**"]\n  path = evil.inc'),
  ],
  [
    'a file that it includes for its remote',
    (repository) => {
      const remote = '[remote "origin"]\n  url = /nowhere';
      addToConfig(repository, `${remote}\n[includeIf "hasconfig:remote.*.url:/no*"]\n  path = evil.inc`);
    },
  ],
  [
    'that of each working copy',
    (repository) => {
      addToConfig(repository, '[core]\n  repositoryFormatVersion = 1\n[extensions]\n  worktreeConfig = true');
      writeFileSync(join(repository.root, '.git', 'config.worktree'), evilSettings(repository.program));
    },
  ],
];

describe('a repository whose configuration names programs', () => {
  it.each(CONFIGURATIONS)('runs none with our git, when it is %s', async (_what, configure) => {
    const repository = makeHostile();
    configure(repository);
    changeUnseen(join(repository.root, 'a.txt'), 'c');
    const worktree = await createWorktree(repository);
    changeUnseen(join(worktree.path, 'a.txt'), 'b');
    writeInto(worktree.path, 'b.txt', 'b');
    const { commit } = await worktree.finish('Do it', RUN);
    expect(repository.hasSung(), 'nothing of ours has run the program').toBe(false);
    const off = ['-c', 'core.fsmonitor=false', '-c', 'core.pager=cat'];
    expect(repository.git(...off, 'show', `${commit}:a.txt`, `${commit}:b.txt`)).toBe('bb');
    const again = await createWorktree(repository, 'run-2');
    await again.discard();
    await Worktree.discardLeftover(placeOf(repository, 'run-3'));
    // What each of these looks like to plain git: a working copy on a branch as ours are.
    expectToSing(repository, 'worktree', 'add', join(repository.around, 'plain'), '-b', 'optio-codex/plain');
  });

  it('runs none even if our git turned nothing off, since it does not know of them', async () => {
    const hostile = makeHostile();
    addToConfig(hostile, evilSettings(hostile.program));
    plantHooks(join(hostile.root, '.git', 'hooks'), hostile.program);
    const repository = { ...hostile, host: new CarelessHost({ home: join(hostile.around, 'home') }) };
    changeUnseen(join(repository.root, 'a.txt'), 'c');
    const worktree = await createWorktree(repository);
    changeUnseen(join(worktree.path, 'a.txt'), 'b');
    await worktree.finish('Do it', RUN);
    await (await createWorktree(repository, 'run-2')).discard();
    expectToSing(repository, 'status');
  });

  it.each(['.git/info/attributes', '.gitattributes'])('runs no filter that %s asks for', async (attributes) => {
    const repository = makeHostile();
    addToConfig(repository, '[include]\n  path = evil.inc');
    repository.write(attributes, '* filter=x\n');
    const worktree = await createWorktree(repository);
    changeUnseen(join(worktree.path, 'a.txt'), 'b');
    writeInto(worktree.path, '.gitattributes', '* filter=x\n');
    await worktree.finish('Do it', RUN);
    expectToSing(repository, 'checkout', BRANCH);
  });

  it('runs no hook', async () => {
    const repository = makeHostile();
    plantHooks(join(repository.root, '.git', 'hooks'), repository.program);
    plantHooks(subdirectory(repository.around, 'hooks'), repository.program);
    const worktree = await createWorktree(repository);
    changeUnseen(join(worktree.path, 'a.txt'), 'b');
    await worktree.finish('Do it', RUN);
    await (await createWorktree(repository, 'run-2')).discard();
    expect(repository.hasSung()).toBe(false);
    repository.git('config', 'core.hooksPath', join(repository.around, 'hooks'));
    await (await createWorktree(repository, 'run-3')).discard();
    expectToSing(repository, 'checkout', '--quiet', '-b', 'other');
  });

  it('signs nothing with a program of its own', async () => {
    const repository = makeHostile();
    addToConfig(repository, `[commit]\n  gpgSign = true\n[gpg]\n  program = ${repository.program}`);
    const worktree = await createWorktree(repository);
    changeUnseen(join(worktree.path, 'a.txt'), 'b');
    const { commit } = await worktree.finish('Do it', RUN);
    expect(commit).toBeDefined();
    expectToSing(repository, '-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '--allow-empty', '-m', 'Signed');
  });

  it.each(['diff.external', 'diff.x.textconv'])('runs no %s', async (name) => {
    const repository = makeHostile();
    repository.git('config', name, repository.program);
    const worktree = await createWorktree(repository);
    changeUnseen(join(worktree.path, 'a.txt'), 'b');
    const { commit = '' } = await worktree.finish('Do it', RUN);
    expectToSing(repository, 'diff', 'main', commit);
  });

  it.each(['HEAD:a.txt', 'HEAD'])('fetches no object that is missing: %s', async (name) => {
    const repository = makeHostile();
    const id = repository.git('rev-parse', name);
    const remote = `[remote "origin"]\n  url = ${repository.root}\n  promisor = true\n  uploadpack = ${repository.program}`;
    const format = '[core]\n  repositoryFormatVersion = 1\n[extensions]\n  partialClone = origin';
    addToConfig(repository, `${format}\n${remote}`);
    rmSync(join(repository.root, '.git', 'objects', id.slice(0, 2), id.slice(2)));
    await expect(createWorktree(repository)).rejects.toMatchObject({
      code: 'git-failed',
      ...(name !== 'HEAD' && { remedy: expect.stringContaining('fetch') }),
    });
    expect(existsSync(join(repository.around, 'worktree'))).toBe(false);
    expectToSing(repository, 'cat-file', '-p', id);
  });
});

describe('a repository within the working copy', () => {
  it('in the place of a submodule runs nothing, changed so that neither size nor time tells', async () => {
    const repository = makeHostile();
    const { git } = repository;
    const module = subdirectory(repository.around, 'module');
    git('-C', module, 'init', '--quiet');
    writeInto(module, 'a.txt', 'a');
    commitAll(repository, module);
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', module, 'module');
    commitAll(repository, repository.root);
    const worktree = await createWorktree(repository);
    git('clone', '--quiet', module, join(worktree.path, 'module'));
    poison(repository, join(worktree.path, 'module'));
    writeInto(worktree.path, 'new.txt', 'new');
    const { commit, keptBecause } = await worktree.finish('Do it', RUN);
    expect(repository.hasSung()).toBe(false);
    expect(keptBecause).toContain('a repository of its own (module)');
    expect(git('diff', '--name-status', 'main', commit ?? '')).toBe('A\tnew.txt');
    expectToSing(repository, '-C', worktree.path, 'add', '--all');
  });

  it('that is a submodule of the user’s own working copy runs nothing when its changes are counted', async () => {
    const repository = makeHostile();
    const module = join(repository.root, 'module');
    makeEvilInner(repository, module);
    repository.write('.gitmodules', '[submodule "module"]\n  path = module\n  url = /nowhere\n  ignore = none\n');
    const id = repository.git('-C', module, 'rev-parse', 'HEAD');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${id},module`);
    repository.git('add', '.gitmodules');
    repository.git(...IDENTITY, 'commit', '--quiet', '--message', 'Module');
    repository.silence();
    const worktree = await createWorktree(repository);
    await worktree.discard();
    expectToSing(repository, 'status');
  });

  it.each(['inner', 'deep/down/inner', 'README.md', 'näher'])('that is new, at %s, runs nothing', async (place) => {
    const repository = makeHostile();
    const worktree = await createWorktree(repository);
    rmSync(join(worktree.path, 'README.md'));
    const inner = makeEvilInner(repository, join(worktree.path, place));
    writeInto(worktree.path, 'new.txt', 'new');
    repository.silence();
    const { commit = '', keptBecause } = await worktree.finish('Do it', RUN);
    expect(repository.hasSung()).toBe(false);
    expect(keptBecause).toContain('a repository of its own');
    expect(repository.git('diff', '--name-status', 'main', commit)).toBe('D\tREADME.md\nA\tnew.txt');
    expectToSing(repository, '-C', inner, 'status');
  });
});

describe('what tells the changes of a directory', () => {
  it('runs no program that its repository names, or one that is new in it', async () => {
    const repository = makeHostile();
    addToConfig(repository, '[include]\n  path = evil.inc');
    const watch = new WorkspaceWatch({ host: repository.host, path: repository.root, directory: testDirectory('run') });
    await watch.ready();
    changeUnseen(join(repository.root, 'a.txt'), 'b');
    repository.git('init', '--quiet', 'inner');
    writeInto(repository.root, 'inner/a.txt', 'a');
    const { changes } = await watch.changes();
    await watch.removeLeftovers();
    expect(changes.map(({ path }) => path)).toEqual(['a.txt', 'inner/a.txt']);
    expectToSing(repository, 'status');
  });
});
