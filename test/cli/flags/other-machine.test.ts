import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ServedApi } from '../../../src/cli/backend.ts';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import type { TaskDefinition } from '../../../src/contract/task-definition.ts';
import { machineOf, thisMachine } from '../../../src/machine.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { INFO } from '../../support/route-server.ts';
import { scriptApi, TASK_DETAILS } from '../../support/scripted-api.ts';

const OTHER = machineOf('build7', 'another');
const ELSEWHERE = { 'server.url': 'http://build7.example' };

/** A command line over a server on this machine or on another, and what it was given to do. */
function begin({ machine = OTHER, settings = ELSEWHERE as object } = {}) {
  const specs: RunSpec[] = [];
  const tasks: TaskDefinition[] = [];
  const { api } = scriptApi({
    api: {
      run: async (spec) => {
        specs.push(spec);
        return scriptApi().run('run-new').handle;
      },
      addTask: async (definition) => {
        tasks.push(definition);
        return TASK_DETAILS;
      },
    },
  });
  const served: ServedApi = { ...api, server: async () => ({ ...INFO, machine }) };
  const say = (...argv: string[]) => runCommandLine(served, argv, { input: '', settings });
  return { specs, tasks, say };
}

describe('run, with a server on another machine', () => {
  it.each([
    [
      [],
      /works on another machine, build7: the current directory is here\n {2}Name a directory of that machine with -C DIR, or .*--fresh/,
    ],
    [['--worktree'], /Name a repository of that machine with -C DIR/],
    [['-C', 'there'], /-C: there is meant from here, .* build7\n {2}Give the whole path/],
    [['--fresh', '--allow-dir', 'up:ro'], /--allow-dir: up is meant from here/],
    [['--fresh', '--deny-path', 'up'], /--deny-path: up is meant from here/],
    [['--fresh', '-i', 'a.png'], /--image: a\.png is meant from here/],
    [['--fresh', '--codex', './codex'], /--codex: \.\/codex is meant from here/],
  ])('refuses what is meant from here: %s', async (argv, told) => {
    const { specs, say } = begin();
    const { code, stderr } = await say('run', '-d', ...argv, 'Do it');
    expect(stderr).toMatch(told);
    expect(code).toBe(2);
    expect(specs).toEqual([]);
  });

  it.each([
    [['--fresh'], { fresh: true }],
    [['-C', '/srv/app'], { directory: '/srv/app' }],
    [['-C', '/srv/app', '--worktree'], { worktree: '/srv/app' }],
  ])('takes what is of that machine: %s', async (argv, workspace) => {
    const { specs, say } = begin();
    const paths = ['--allow-dir', '/srv/lib:ro', '--deny-path', '~/private'];
    expect(await say('run', '-d', ...argv, ...paths, 'Do it')).toMatchObject({ code: 0, stderr: '' });
    expect(specs).toMatchObject([{ workspace, deniedPaths: ['~/private'] }]);
  });

  it.each([
    ['is named, and on this one', { machine: thisMachine() }],
    ['is that of the data directory', { settings: {} }],
  ])('works in the current directory where the server %s', async (_what, options) => {
    const { specs, say } = begin(options);
    expect(await say('run', '-d', 'Do it')).toMatchObject({ code: 0, stderr: '' });
    expect(specs).toMatchObject([{ workspace: { directory: process.cwd() } }]);
  });
});

describe('task add, with a server on another machine', () => {
  const fileOf = (workspace: object) => {
    const file = join(testDirectory('task'), 'nightly.json');
    writeFileSync(file, JSON.stringify({ id: 'nightly', config: { instructions: 'Do it', workspace } }));
    return file;
  };

  it.each([{ directory: '.' }, { worktree: 'app' }])(
    'refuses a directory that is meant from the file: %j',
    async (workspace) => {
      const { tasks, say } = begin();
      const { code, stderr } = await say('task', 'add', fileOf(workspace));
      expect(stderr).toMatch(
        /^error: workspace\.(directory|worktree): (\.|app) is meant from here, .* build7\n {2}Give the whole path/,
      );
      expect(code).toBe(2);
      expect(tasks).toEqual([]);
    },
  );

  it.each([{ directory: '/srv' }, { worktree: '~/app' }, { fresh: true }])('takes %j', async (workspace) => {
    const { tasks, say } = begin();
    expect(await say('task', 'add', fileOf(workspace))).toMatchObject({ code: 0, stderr: '' });
    expect(tasks).toMatchObject([{ config: { workspace } }]);
  });
});
