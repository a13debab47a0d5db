import { expect, it } from 'vitest';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { until } from '../support/processes.ts';

it('tells which turn of a run goes on, also while nobody works on the run', async () => {
  const first = await openEngine();
  const task = taskOf(
    async (context) => {
      for (const turnId of ['t1', 't2']) context.emit({ type: 'turn.started', turnId });
      context.emit({ type: 'turn.started', turnId: 't3', threadId: 'of a sub-agent' });
      context.emit({ type: 'turn.ended', turnId: 't1', status: 'completed' });
      await told(context.signal);
      return done();
    },
    { canRecover: true },
  );
  await first.engine.tasks.define(task);
  const { id } = await first.engine.launch('task');
  await until(async () => (await first.engine.runs.details(id)).lastSeq >= 6, 'what it tells');
  expect(await first.engine.runs.details(id)).toMatchObject({ turnId: 't2' });
  await first.die();

  const second = await openEngine({ directory: first.directory });
  expect(await second.engine.runs.details(id), 'nobody knows its task').toMatchObject({
    state: 'running',
    turnId: 't2',
  });
  await second.die();
});
