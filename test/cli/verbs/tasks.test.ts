import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskDefinition, TaskDetails, TaskSummary } from '../../../src/contract/task-definition.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { testDirectory } from '../../support/directories.ts';
import { LAUNCHED_AT, NOW, RUN_ID } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const SCHEDULE = {
  taskId: 'nightly',
  schedule: { cron: '0 6 * * *', timeZone: 'Europe/Berlin' },
  isPaused: false,
  problem: null,
  nextFireAt: new Date(NOW + 7_200_000).toISOString(),
  next: [new Date(NOW + 7_200_000).toISOString()],
  lastFiredAt: LAUNCHED_AT,
  lastSkippedAt: null,
};
const TASK: TaskSummary = {
  id: 'nightly',
  name: 'Nightly\u001b[2J',
  description: null,
  metadata: {},
  isPaused: false,
  problem: null,
  schedule: SCHEDULE,
  activeRuns: 1,
  lastRun: { id: RUN_ID, state: 'done', createdAt: LAUNCHED_AT },
  createdAt: LAUNCHED_AT,
  updatedAt: LAUNCHED_AT,
};
const DETAILS: TaskDetails = { ...TASK, definition: { id: 'nightly', evil: '\u202e' } };

function begin() {
  const added: TaskDefinition[] = [];
  const { api, calls } = scriptApi({
    api: {
      tasks: async () => [TASK],
      task: async () => DETAILS,
      schedules: async () => [SCHEDULE, { ...SCHEDULE, taskId: 'other', problem: 'nobody knows its task' }],
      addTask: async (definition) => {
        added.push(definition);
        return DETAILS;
      },
    },
  });
  return { api, calls, added };
}

describe('tasks and schedules', () => {
  it('are listed', async () => {
    expect((await runCommandLine(begin().api, ['tasks'])).stdout.split('\n')).toEqual([
      'TASK     NAME     STATE  RUNNING  LAST RUN                     SCHEDULE   NEXT',
      'nightly  Nightly  ready        1  run-01a21534 done 5 min ago  0 6 * * *  in 2 h',
      '',
    ]);
    expect((await runCommandLine(begin().api, ['schedules'])).stdout.split('\n')).toEqual([
      'TASK     SCHEDULE   ZONE           NEXT                   LAST       SKIPPED',
      'nightly  0 6 * * *  Europe/Berlin  in 2 h                 5 min ago',
      'other    0 6 * * *  Europe/Berlin  nobody knows its task  5 min ago',
      '',
    ]);
  });

  it('are told as JSON', async () => {
    expect(JSON.parse((await runCommandLine(begin().api, ['tasks', '--json'])).stdout)).toEqual({ tasks: [TASK] });
    const { schedules } = JSON.parse((await runCommandLine(begin().api, ['schedules', '--json'])).stdout);
    expect(schedules[0]).toEqual(SCHEDULE);
  });

  it.each([
    ['tasks', /^No tasks yet\. Define one: .* task add FILE/],
    ['schedules', /^No task has a schedule\./],
    ['models', /^Codex offers none\./],
    ['blocks', /^Everything may be launched\.\n$/],
  ])('teach where there is nothing: %s', async (verb, said) => {
    const none = async () => [];
    expect((await runCommandLine(scriptApi({ api: { tasks: none, blocks: none } }).api, [verb])).stdout).toMatch(said);
  });
});

describe('task', () => {
  it('shows one, with its definition', async () => {
    const { stdout } = await runCommandLine(begin().api, ['task', 'show', 'nightly']);
    expect(stdout).toContain('Nightly  nightly\n  state       ready\n');
    expect(stdout).toContain('schedule    0 6 * * * Europe/Berlin\n');
    expect(stdout).toContain('{\n  "id": "nightly",\n  "evil": "\\u202e"\n}\n');
  });

  it.each([
    ['rm', 'removeTask', 'is forgotten'],
    ['pause', 'pauseTask', 'is paused'],
    ['resume', 'resumeTask', 'can be launched again'],
  ])('%s', async (verb, call, said) => {
    const { api, calls } = begin();
    expect((await runCommandLine(api, ['task', verb, 'nightly'])).stdout).toBe(`nightly ${said}.\n`);
    expect(calls).toEqual([`${call} "nightly"`]);
  });

  const CONFIG = { instructions: 'Do it', workspace: { worktree: '.' } };
  const TOML = 'id = "nightly"\n[config]\ninstructions = "Do it"\n[config.workspace]\nworktree = "."\n';

  it.each([
    ['nightly.json', JSON.stringify({ id: 'nightly', config: CONFIG })],
    ['nightly.toml', TOML],
    ['nightly', TOML],
  ])('adds the task of %s, whose directories are meant from the file', async (name, source) => {
    const file = join(testDirectory(), 'tasks', name);
    mkdirSync(dirname(file));
    writeFileSync(file, source);
    const { api, added } = begin();
    const { code, stdout } = await runCommandLine(api, ['task', 'add', file]);
    expect(code).toBe(0);
    expect(stdout).toBe('Defined nightly. Launch it: optio-codex launch nightly\n');
    expect(added).toEqual([{ id: 'nightly', config: { ...CONFIG, workspace: { worktree: dirname(file) } } }]);
  });

  it.each([
    [
      { directory: 'sub', shared: true },
      { directory: join(process.cwd(), 'sub'), shared: true },
    ],
    [{ directory: '/abs' }, { directory: '/abs' }],
    [{ worktree: '~/repo' }, { worktree: '~/repo' }],
    [{ fresh: true }, { fresh: true }],
  ])('adds the task of standard input, from here: %j', async (workspace, expected) => {
    const { api, added } = begin();
    const input = JSON.stringify({ id: 'nightly', config: { ...CONFIG, workspace } });
    await runCommandLine(api, ['task', 'add', '-'], { input });
    expect(added[0]?.config.workspace).toEqual(expected);
  });

  it('tells whether one was there before, and gives a command that a shell can take', async () => {
    const details = { ...DETAILS, id: "a task's", updatedAt: new Date(NOW).toISOString() };
    const { api } = scriptApi({ api: { addTask: async () => details } });
    const input = JSON.stringify({ id: details.id, config: CONFIG });
    expect((await runCommandLine(api, ['task', 'add', '-'], { input })).stdout).toBe(
      `Defined anew, for the runs to come: a task's. Launch it: optio-codex launch 'a task'\\''s'\n`,
    );
  });

  it.each([
    ['broken JSON', '{"id":', /standard input is not valid JSON/],
    ['broken TOML', 'id = ', /standard input is not valid TOML/],
    ['nothing', '', /standard input: id: /],
    ['what is no task', '{"id":"x"}', /standard input: config: .*\n {2}A task needs/],
    [
      'an unknown field',
      JSON.stringify({ id: 'x', config: { ...CONFIG, colour: 'red' } }),
      /config\.colour: there is no such field\n {2}See how/,
    ],
  ])('refuses %s, and says where it is wrong', async (_what, input, message) => {
    const { api, added } = begin();
    const { code, stderr } = await runCommandLine(api, ['task', 'add', '-'], { input });
    expect({ code, added }).toEqual({ code: 2, added: [] });
    expect(stderr).toMatch(message);
  });

  it('says that a file is not there', async () => {
    const { code, stderr } = await runCommandLine(begin().api, ['task', 'add', '/nowhere/nightly.toml']);
    expect(code).toBe(2);
    expect(stderr).toContain('/nowhere/nightly.toml cannot be read');
  });
});
