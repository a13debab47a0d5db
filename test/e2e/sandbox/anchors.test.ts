import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import { subdirectory } from '../../support/directories.ts';
import { writeInto } from '../../support/repository.ts';
import { makePlace, type RunPlace, watchRun } from '../../support/run.ts';

const SECRET = 'SECRET';
const BUSY = 'Device or resource busy';

/** A repository of git in this directory, with all that is there in its first commit. */
function commit(directory: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, stdio: 'ignore' });
  git('init');
  git('add', '--all');
  git('-c', 'user.name=me', '-c', 'user.email=me@example.org', 'commit', '--message', 'first');
}

/** Runs these commands, each in a sandbox of its own, and gives what each said. */
async function runEach(place: RunPlace, commands: readonly string[], spec: Partial<RunSpec>): Promise<string[]> {
  const instructions = [...commands.map((command) => `!run ( ${command} ) 2>&1`), '!say done'].join('\n');
  const { outcome, outputs } = await watchRun(place, { instructions, ...spec });
  expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
  return [...outputs];
}

describe.each(['standard', 'strict'] as const)('what commands may write, with isolation %s', (isolation) => {
  it('keeps what is denied in it closed, whatever they rename above it', async () => {
    const place = await makePlace();
    const listed = join(place.home, 'listed');
    const nested = subdirectory(place.workspace, 'up/per/nested');
    const secrets = [`${place.workspace}/a/b/secret`, `${listed}/a/b/secret/key`, `${nested}/a/secret`];
    for (const secret of secrets) writeInto('/', secret, SECRET);
    const above = [place.workspace, listed].flatMap((root) => [`${root}/a/b/secret`, `${root}/a/b`, `${root}/a`]);
    const inWorkspace = ['up/per/nested/a/secret', 'up/per/nested/a', 'up/per/nested', 'up/per', 'up'];
    const moved = [...above, ...inWorkspace.map((path) => join(place.workspace, path))];
    const [secret = ''] = secrets;
    const [renamed, removed, found, copied] = await runEach(
      place,
      [
        moved.map((path) => `mv -T ${path} ${path}2`).join('; '),
        moved.map((path) => `rmdir ${path}; unlink ${path}`).join('; '),
        `find ${place.workspace} ${listed} -type f -exec cat {} +`,
        `ln ${secret} ${place.workspace}/a/b/copy; cp ${secret} ${place.workspace}/copy`,
      ],
      {
        isolation,
        allowedDirs: [listed, nested].map((path) => ({ path, mode: 'rw' })),
        deniedPaths: [secret, dirname(secrets[1] ?? ''), secrets[2] ?? ''],
      },
    );
    expect(renamed?.split(BUSY)).toHaveLength(moved.length + 1);
    expect(removed).toContain(BUSY);
    expect([found, copied].join()).not.toContain(SECRET);
    expect(found?.match(/Permission denied/g)).toHaveLength(secrets.length);
    expect(copied).toMatch(/Invalid cross-device link(.*\n)*.*Permission denied/);
    for (const path of [...moved, ...secrets]) expect(existsSync(path), path).toBe(true);
  });

  it('can be written beside what is denied, and be a repository', async () => {
    const place = await makePlace();
    const [outer, inner] = [place.workspace, join(place.workspace, 'a/inner')];
    writeInto(outer, 'a/text', 'outer');
    commit(outer);
    writeInto(inner, 'text', 'inner');
    commit(inner);
    writeInto(inner, 'secret/key', SECRET);
    const git = 'git -c user.name=me -c user.email=me@example.org';
    const [written, status, committed] = await runEach(
      place,
      [
        'touch a/made a/inner/made && mkdir a/new && mv a/new a/newer && mv a/made a/inner/moved && rm a/inner/made && echo WROTE',
        'cd a && git status --short && git ls-files',
        `cd a/inner && git add moved && ${git} commit --quiet -m more && git show --stat --format=%s`,
      ],
      { isolation, deniedPaths: [join(inner, 'secret')] },
    );
    expect(written).toContain('WROTE');
    expect(status).toContain('text');
    expect(status).not.toContain('fatal');
    expect(committed).toMatch(/^more\n\n moved/m);
  });

  it('opens nothing that a link leads to in the place of what is above another directory of the run', async () => {
    const place = await makePlace();
    const outside = subdirectory(place.home, 'outside', 'nested');
    const nested = subdirectory(place.workspace, 'a', 'nested');
    const [, tried] = await runEach(
      place,
      [`mv a b; ln -sT ${dirname(outside)} a`, `touch ${outside}/made; touch ${nested}/made`],
      { isolation, allowedDirs: [{ path: nested, mode: 'rw' }] },
    );
    expect(tried).toMatch(/Read-only file system|No such file or directory/);
    expect([existsSync(join(nested, 'made')), existsSync(join(outside, 'made'))]).toEqual([true, false]);
  });
});
