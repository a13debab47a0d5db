import { expect, it } from 'vitest';
import type { RunContext } from '../../src/task/context.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { stuck } from '../support/tasks.ts';

const PATH = '/srv/project';

it('a run that was let go takes no directory any more, and leaves that of nobody else', async () => {
  const { engine } = await openEngine();
  const deaf = stuck('deaf', { graceMs: 1 });
  await engine.tasks.define(deaf);
  const { id } = await engine.launch('deaf');
  const context = await deaf.began;
  expect(await context.takeDirectory(PATH, { isShared: false })).toMatchObject({ isTaken: true });
  await engine.controls.cancel(id, 'enough');
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed' });

  expect((await failureOf(context.takeDirectory(PATH, { isShared: false }))).code).toBe('claim-lost');
  const execute = async (other: RunContext) => ({
    ...done(),
    output: await other.takeDirectory(PATH, { isShared: false }),
  });
  await engine.tasks.define(taskOf(execute, { id: 'next' }));
  const next = await engine.launch('next');
  expect(await engine.runs.outcome(next.id)).toMatchObject({ output: { isTaken: true } });
});

it('a run that another process has taken over leaves no directory in its place', async () => {
  const first = await openEngine();
  const task = stuck('task', { canRecover: true });
  await first.engine.tasks.define(task);
  const { id } = await first.engine.launch('task');
  const context = await task.began;
  await context.takeDirectory(PATH, { isShared: false });
  await first.store.runs.claim(id);
  await context.leaveDirectory();
  await first.store.runs.add({ id: 'other', taskId: 'task' });
  const holder = { runId: 'other', host: context.host.name, path: PATH, isShared: false, since: '' };
  expect(await first.store.workspaces.take(holder, 0)).toMatchObject({ isTaken: false, others: [{ runId: id }] });
  await first.die();
});
