import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromUnknown } from '../../../src/errors.ts';
import { escalate, say, shell } from '../../../src/testing/index.ts';
import { subdirectory } from '../../support/directories.ts';
import { addToConfig, commitAll, evilSettings, makeHostile } from '../../support/hostile-repository.ts';
import { makeCanary, makeRepository, type Repository, writeInto } from '../../support/repository.ts';
import { allowAll, makePlace, type WatchedRun, watchRun } from '../../support/run.ts';

const COMMIT = 'git -c user.name=Agent -c user.email=agent@example.org commit --quiet --all --message Own';

/** The repository is where it was: the same branch, the same commit, the same files, and no second working copy. */
function stateOf({ git }: Repository): string {
  return [git('rev-parse', 'HEAD', 'main'), git('status', '--porcelain'), git('worktree', 'list')].join('\n');
}

function warningsOf({ of }: WatchedRun): string[] {
  return of('notice').flatMap(({ level, message }) => (level === 'warning' ? [message] : []));
}

describe('a run in a worktree', () => {
  it('ends as a commit on a branch of its own, and tells both', async () => {
    const [repository, place] = [makeRepository(), await makePlace()];
    const before = stateOf(repository);
    const { handle, outcome } = await watchRun(place, {
      instructions: '!write new.txt hi\n!run echo more >> README.md\n!say done',
      workspace: { worktree: repository.root },
    });
    const branch = `optio-codex/${handle.id}`;
    expect(outcome).toMatchObject({
      status: 'done',
      workspace: {
        kind: 'worktree',
        changes: [
          { path: 'README.md', change: 'modified' },
          { path: 'new.txt', change: 'added' },
        ],
        branch,
        commit: repository.git('rev-parse', branch),
      },
    });
    expect(repository.git('show', `${branch}:new.txt`)).toBe('hi');
    expect(repository.git('show', `${branch}:README.md`)).toBe('Read me.\nmore');
    expect(repository.git('log', '-1', '--format=%(trailers:key=Optio-Run,valueonly)', branch)).toBe(handle.id);
    expect(repository.git('rev-parse', `${branch}^`)).toBe(repository.git('rev-parse', 'main'));
    expect(stateOf(repository)).toBe(before);
    expect(existsSync(outcome.workspace?.path ?? '')).toBe(false);
  });

  it('leaves no branch when nothing has changed', async () => {
    const [repository, place] = [makeRepository(), await makePlace()];
    const { outcome } = await watchRun(place, {
      instructions: '!run cat README.md\n!say done',
      workspace: { worktree: repository.root },
    });
    expect(outcome).toMatchObject({ status: 'done', workspace: { kind: 'worktree', changes: [] } });
    expect(outcome.workspace?.branch).toBeUndefined();
    expect(repository.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('does not see what is not committed, says how much that is, and leaves it as it was', async () => {
    const [repository, place] = [makeRepository(), await makePlace()];
    repository.write('README.md', 'Half a thought.\n');
    repository.write('draft.txt', 'Another one.\n');
    const before = stateOf(repository);
    const watched = await watchRun(place, {
      instructions: '!run cat README.md; ls\n!say done',
      workspace: { worktree: repository.root },
    });
    expect(warningsOf(watched)).toContainEqual(expect.stringMatching(/^2 uncommitted changes in .* are not included/));
    expect(watched.outputs.join()).toBe('Read me.\nREADME.md\n');
    expect(stateOf(repository)).toBe(before);
    expect(readFileSync(join(repository.root, 'draft.txt'), 'utf8')).toBe('Another one.\n');
  });

  it('keeps what was done when it is cancelled', async () => {
    const [repository, place] = [makeRepository(), await makePlace()];
    const { outcome } = await watchRun(
      place,
      { instructions: '!run echo half > half.txt\n!hang', workspace: { worktree: repository.root } },
      async (event, handle) => {
        if (event.type === 'item.completed' && event.item.kind === 'command') await handle.cancel('enough');
      },
    );
    expect(outcome.status).toBe('cancelled');
    expect(repository.git('show', `${outcome.workspace?.branch}:half.txt`)).toBe('half');
  });

  it('runs no hook, no filter and no helper that the repository names, which run for anybody else', async () => {
    const [repository, place] = [makeRepository(), await makePlace()];
    const { git, write } = repository;
    write('.gitattributes', '*.txt filter=evil\n');
    git('add', '--all');
    git('-c', 'user.name=First', '-c', 'user.email=first@example.org', 'commit', '--quiet', '--message', 'Second');
    const { program, hasSung } = makeCanary(repository.around);
    for (const filter of ['clean', 'smudge', 'process']) git('config', `filter.evil.${filter}`, program);
    git('config', 'core.fsmonitor', program);
    git('config', 'core.hooksPath', join(repository.around, 'hooks'));
    for (const hook of ['pre-commit', 'commit-msg', 'post-commit', 'post-checkout', 'reference-transaction']) {
      await repository.host.makeDirectory(join(repository.around, 'hooks'));
      await repository.host.writeFile(join(repository.around, 'hooks', hook), readFileSync(program), { mode: 0o755 });
    }
    const { outcome } = await watchRun(place, {
      instructions: '!write new.txt hi\n!say done',
      workspace: { worktree: repository.root },
    });
    expect(outcome).toMatchObject({ status: 'done', workspace: { commit: expect.any(String) } });
    expect(hasSung()).toBe(false);
    git('status');
    expect(hasSung(), 'the canary is alive').toBe(true);
  });

  it.each(['worktree', 'directory'])(
    'runs no program that a repository names, the agent’s own ones included, in a %s',
    async (kind) => {
      const [repository, place] = [makeHostile(), await makePlace()];
      const { git, root, around, program, hasSung } = repository;
      const module = subdirectory(around, 'module');
      git('-C', module, 'init', '--quiet');
      writeInto(module, 'a.txt', 'a');
      commitAll(repository, module);
      const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', module] as const;
      git(...add, 'module');
      commitAll(repository, root);
      git('submodule', '--quiet', 'deinit', '--force', 'module');
      addToConfig(repository, evilSettings(program));
      const evil = [
        `git clone --quiet '${module}' module`,
        `git -C module config filter.x.clean '${program}'`,
        `git -C module config core.fsmonitor '${program}'`,
        'echo "* filter=x" > module/.gitattributes',
        'touch --reference=module/a.txt time; printf b > module/a.txt; touch --reference=time module/a.txt; rm time',
        'cp -r module inner; echo made > made.txt; cat module/a.txt inner/a.txt',
      ];
      const { outcome, outputs } = await watchRun(place, {
        instructions: `!run ${evil.join('; ')}\n!say done`,
        workspace: kind === 'worktree' ? { worktree: root } : { directory: root },
      });
      expect(outputs).toEqual(['bb']);
      expect(outcome).toMatchObject({ status: 'done', workspace: { kind } });
      expect(hasSung()).toBe(false);
      const { path = '', branch } = outcome.workspace ?? {};
      if (branch)
        expect(git('-c', 'core.fsmonitor=false', 'diff', '--name-status', 'main', branch)).toBe('A\tmade.txt');
      expect(branch === undefined).toBe(kind === 'directory');
      // The program is no filter.
      expect(() => git('-C', path, '-c', 'core.fsmonitor=false', 'add', '--all')).toThrow('Command failed');
      expect(hasSung(), 'plain git runs it').toBe(true);
    },
  );

  it('keeps the commits of the agent, and puts what it has not committed on top', async () => {
    const repository = makeRepository();
    const place = await makePlace({
      script: [
        shell('echo first > README.md'),
        escalate(COMMIT),
        shell('echo second > README.md; touch rest.txt'),
        say('done'),
      ],
    });
    const { outcome, outputs } = await watchRun(
      place,
      { instructions: 'Go on.', workspace: { worktree: repository.root }, permissionGate: true },
      allowAll,
    );
    expect(outcome, outputs.join('\n')).toMatchObject({ status: 'done' });
    const { branch = '', commit } = outcome.workspace ?? {};
    expect(repository.git('log', '--format=%s', `main..${branch}`)).toBe('Go on.\nOwn');
    expect(repository.git('rev-parse', branch)).toBe(commit);
    expect(repository.git('show', `${branch}^:README.md`)).toBe('first');
    expect(repository.git('show', `${branch}:README.md`)).toBe('second');
    expect(repository.git('ls-tree', '--name-only', branch)).toBe('README.md\nrest.txt');
  });

  it('stays when it holds what the commit does not, and says how to remove it', async () => {
    const [repository, place] = [makeRepository(), await makePlace()];
    repository.write('.gitignore', 'secret.txt\n');
    repository.git('add', '--all');
    repository.git('-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'Ignore');
    const watched = await watchRun(place, {
      instructions: '!run echo hidden > secret.txt; echo seen > seen.txt\n!say done',
      workspace: { worktree: repository.root },
    });
    const { path = '', branch = '' } = watched.outcome.workspace ?? {};
    expect(warningsOf(watched)).toContainEqual(expect.stringContaining(`${path} stays`));
    expect(readFileSync(join(path, 'secret.txt'), 'utf8')).toBe('hidden\n');
    expect(repository.git('ls-tree', '--name-only', branch)).toBe('.gitignore\nREADME.md\nseen.txt');
    const [{ remedy = '' } = {}] = watched.of('notice').filter(({ message }) => message.includes('stays'));
    await repository.host.run(['sh', '-c', remedy]);
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['is in no repository', () => {}],
    ['is taken for one by an empty .git only', (directory: string) => mkdirSync(join(directory, '.git'))],
  ])('refuses a directory that %s, and leaves nothing', async (_what, prepare) => {
    const place = await makePlace();
    prepare(place.workspace);
    const watched = watchRun(place, { instructions: '!say never', workspace: { worktree: place.workspace } });
    // What no repository is around is refused at the launch; that an empty .git is none, only git can tell.
    const error = await watched.then(({ outcome }) => outcome.error, fromUnknown);
    expect(error).toMatchObject({
      code: 'workspace-refused',
      message: `${place.workspace} is not in a git repository`,
      remedy: expect.stringContaining('git init'),
    });
    expect(place.model.requests).toEqual([]);
    const left = [join(place.dataDir, 'runs'), `${place.dataDir}-workspaces`].filter((path) => existsSync(path));
    expect(left.flatMap((path) => readdirSync(path))).toEqual([]);
  });
});
