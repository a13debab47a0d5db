import { describe, expect, it } from 'vitest';
import { toRunHandle } from '../../src/engine/run-handle.ts';
import type { Task } from '../../src/task/task.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { failing, patient, quick } from '../support/tasks.ts';

/** A task that is plain data: it says what its definition says. */
function saying(text: string): Task {
  return taskOf(async ({ params }) => done(`${text} ${params}`), { definition: { text }, name: 'Saying' });
}
const revive = (definition: unknown) => saying((definition as { text: string }).text);

describe('a run that is launched once more', () => {
  it('is a new one of the task as it was, with what the first was given', async () => {
    const { engine } = await openEngine({ revive });
    await engine.tasks.define({ ...saying('old'), ttlMs: 3_600_000, metadata: { team: 'red' } });
    const options = { params: 'words', metadata: { kind: 'x' }, budget: { turns: 3 }, priority: 7, name: 'Tonight' };
    const first = await engine.launch('task', options);
    await engine.runs.outcome(first.id);
    await engine.tasks.define(saying('new'));
    const handle = await toRunHandle(engine, first.id).retry();
    expect(handle.id).not.toBe(first.id);
    expect(await handle.outcome).toMatchObject({ status: 'done', text: 'old words' });
    const { definition, params, metadata, budget, priority, name, ttlMs } = first;
    expect(await engine.runs.find(handle.id)).toMatchObject({
      ...{ definition, params, metadata, budget, priority, name, ttlMs },
      ...{ retryOf: first.id, attempt: 1, parentId: null, rootId: handle.id, scheduledFor: null },
    });
    expect(await handle.details()).toMatchObject({
      retryOf: first.id,
      params: 'words',
      outcome: { text: 'old words' },
    });
    expect((await engine.runs.list({ metadata: { team: 'red' } })).map(({ id }) => id)).toEqual([first.id, handle.id]);
  });

  it('is of the task as it was also in the next process, where it had to wait', async () => {
    const first = await openEngine({ revive, limits: { total: 1 } });
    await first.engine.tasks.define(saying('old'));
    const { id } = await first.engine.launch('task', { params: 'words' });
    await first.engine.runs.outcome(id);
    const task = patient('patient', { canRecover: true });
    await first.engine.tasks.define(task);
    await first.engine.launch('patient');
    await task.began;
    const again = await first.engine.retry(id);
    await first.engine.tasks.define(saying('new'));
    await first.die();

    const { engine } = await openEngine({ revive, directory: first.directory });
    expect(await engine.runs.outcome(again.id)).toMatchObject({ text: 'old words' });
    await engine.groups.cancel({ metadata: {} }, { reason: 'enough' }).catch(() => {});
  });

  it('is of the task that a program has defined by now, where it was no plain data', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(failing('task'));
    const { id } = await engine.launch('task', { params: 'words' });
    await engine.runs.outcome(id);
    await engine.tasks.define(quick('task', 'better'));
    const again = await engine.retry(id);
    expect(await engine.runs.outcome(again.id)).toMatchObject({ status: 'done', text: 'better' });
    await engine.tasks.remove('task');
    const refused = await failureOf(engine.retry(id));
    expect(refused).toMatchObject({ code: 'launch-refused', reason: 'not-found', remedy: expect.any(String) });
  });

  it('is launched once for each key', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('task'));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const handle = toRunHandle(engine, id);
    const options = { idempotencyKey: 'k' };
    const both = await Promise.all([handle.retry(options), handle.retry(options)]);
    await engine.tasks.remove('task').catch(() => {});
    const third = await handle.retry(options);
    expect(new Set([...both, third].map((run) => run.id)).size).toBe(1);
    expect(await engine.runs.list()).toHaveLength(2);
    expect((await failureOf(engine.retry(third.id, options))).code).toBe('key-reused');
    await third.outcome;
  });

  it('has ended, is of a task that is not paused, and is there', async () => {
    const { engine } = await openEngine();
    const task = patient('task');
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    expect(await failureOf(engine.retry(id))).toMatchObject({ code: 'run-busy', remedy: expect.any(String) });
    await engine.controls.cancel(id, 'enough');
    await engine.runs.outcome(id);
    await engine.tasks.pause('task');
    expect(await failureOf(engine.retry(id))).toMatchObject({ reason: 'not-launchable' });
    expect((await failureOf(engine.retry('run-0'))).code).toBe('not-found');
    expect(await engine.runs.list()).toHaveLength(1);
  });

  it('is a run of its own where the first was begun by another', async () => {
    const { engine } = await openEngine({ revive });
    await engine.tasks.define(
      taskOf((context) => context.runChild({ ...saying('child'), id: 'child' }, { params: 'words' })),
    );
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const [child] = await engine.runs.list({ parentId: id });
    const again = await engine.retry(child?.id ?? '');
    expect(await engine.runs.outcome(again.id)).toMatchObject({ text: 'child words' });
    expect(again).toMatchObject({ parentId: null, rootId: again.id, childKey: null, retryOf: child?.id });
  });
});
