import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskDefinition } from '../src/contract/task-definition.ts';
import { taskDetailsSchema, taskSummarySchema } from '../src/contract/task-definition.ts';
import { Optio } from '../src/optio.ts';
import { testDirectory } from './support/directories.ts';
import { failureOf } from './support/failure.ts';
import { quick } from './support/tasks.ts';

const NIGHTLY: TaskDefinition = {
  id: 'nightly',
  config: { instructions: 'Look.', workspace: { fresh: true } },
  schedule: { cron: '0 6 * * *', timeZone: 'UTC' },
  metadata: { team: 'red' },
  maxRunning: 2,
};

/** Nothing begins, so that runs stay as they are. */
async function open(dataDir = join(testDirectory('tasks'), 'data')): Promise<Optio & { dataDir: string }> {
  return Object.assign(await Optio.open({ dataDir, limits: { total: 0 } }), { dataDir });
}

describe('tasks of plain data', () => {
  it('are made of a definition, and are what can be made of it again, in the next process too', async () => {
    const first = await open();
    const { dataDir } = first;
    const added = await first.addTask(NIGHTLY);
    expect(taskDetailsSchema.parse(added)).toEqual(added);
    expect(added).toMatchObject({
      id: 'nightly',
      name: 'nightly',
      description: null,
      metadata: { team: 'red' },
      isPaused: false,
      problem: null,
      schedule: { nextFireAt: expect.stringContaining('T06:00:00.000Z') },
      activeRuns: 0,
      lastRun: null,
      definition: { ...NIGHTLY, name: 'nightly' },
    });
    await first.close();
    await using next = await open(dataDir);
    expect(await next.task('nightly')).toEqual(added);
    const again = await next.addTask(added.definition as TaskDefinition);
    expect(again).toMatchObject({ definition: added.definition, createdAt: added.createdAt });
  });

  it('are listed by their ids, with their runs and whether they can be launched', async () => {
    await using optio = await open();
    await optio.addTask({ ...NIGHTLY, id: 'b', name: 'Bee' });
    await optio.addTask({ ...NIGHTLY, id: 'a' });
    await optio.define(quick('c'));
    const { id } = await optio.launch('b');
    await optio.pauseTask('a');
    const tasks = await optio.tasks();
    expect(tasks.map((task) => taskSummarySchema.parse(task))).toEqual(tasks);
    expect(tasks).toMatchObject([
      { id: 'a', isPaused: true, schedule: { isPaused: true, nextFireAt: null }, activeRuns: 0 },
      { id: 'b', name: 'Bee', activeRuns: 1, lastRun: { id, state: 'scheduled' } },
      { id: 'c', schedule: null, lastRun: null },
    ]);
    expect(await optio.task('c')).toMatchObject({ definition: null });
  });

  it('that nobody can execute any more say so', async () => {
    const first = await open();
    await first.define(quick('mine'));
    await first.close();
    await using optio = await open(first.dataDir);
    expect(await optio.tasks()).toMatchObject([{ id: 'mine', problem: expect.stringContaining('nobody has defined') }]);
  });

  it.each<[unknown, string]>([
    [{ ...NIGHTLY, id: '' }, 'id'],
    [{ ...NIGHTLY, id: 'run' }, 'id'],
    [{ ...NIGHTLY, maxRuning: 2 }, 'task'],
    [{ ...NIGHTLY, config: { instructions: 'Look.' } }, 'config.workspace'],
    [{ ...NIGHTLY, config: { ...NIGHTLY.config, endRule: 'firstTurn' } }, 'endRule'],
    [{ ...NIGHTLY, schedule: 'whenever' }, 'schedule'],
    [{ ...NIGHTLY, maxRunning: 2 ** 31 }, 'maxRunning'],
    [null, 'task'],
  ])('are not made of %j', async (definition, field) => {
    await using optio = await open();
    const failure = await failureOf(optio.addTask(definition as TaskDefinition));
    expect(failure).toMatchObject({ code: 'invalid-config', details: { field: expect.stringMatching(`^${field}`) } });
    expect(await optio.tasks()).toEqual([]);
    expect(await failureOf(optio.task('nightly'))).toMatchObject({ code: 'not-found' });
  });
});
