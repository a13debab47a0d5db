import { describe, expect, it } from 'vitest';
import { withNamedTask } from '../../../src/cli/naming/named-task.ts';
import type { TaskSummary } from '../../../src/contract/task-definition.ts';
import { LaunchRefused, OptioError } from '../../../src/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const MISSING = [
  new OptioError('not-found', 'there is no task "x"'),
  new LaunchRefused('not-found', 'there is no task "x"'),
] as const;
const tasks = (count: number) => async () =>
  Array.from({ length: count }, (_, at) => ({ id: `t${at}`, name: `Task ${at}\u001b[2J` }) as TaskSummary);
const failing = (error: OptioError) => () => Promise.reject(error);

describe('withNamedTask', () => {
  it.each(MISSING)('lists the tasks there are where one is missing: $code', async (error) => {
    const { api } = scriptApi({ api: { tasks: tasks(2) } });
    const failure = await failureOf(withNamedTask(api, failing(error)));
    expect(failure).toMatchObject({
      code: error.code,
      message: error.message,
      remedy: 'There are:\n  t0  Task 0\n  t1  Task 1',
    });
  });

  it('lists some of very many', async () => {
    const { api } = scriptApi({ api: { tasks: tasks(11) } });
    const { remedy } = await failureOf(withNamedTask(api, failing(MISSING[0])));
    expect(remedy?.split('\n')).toHaveLength(11);
    expect(remedy).toContain('all of them: optio-codex tasks');
  });

  it('says how to define one where there is none', async () => {
    expect(
      (await failureOf(withNamedTask(scriptApi({ api: { tasks: async () => [] } }).api, failing(MISSING[1])))).remedy,
    ).toContain('task add FILE');
  });

  it('passes on what else is wrong, and what was missing when nothing can be listed', async () => {
    const paused = new LaunchRefused('not-launchable', 'it is paused');
    expect(await failureOf(withNamedTask(scriptApi().api, failing(paused)))).toBe(paused);
    const { api } = scriptApi({ api: { tasks: () => Promise.reject(new Error('gone')) } });
    expect(await failureOf(withNamedTask(api, failing(MISSING[0])))).toBe(MISSING[0]);
  });
});
