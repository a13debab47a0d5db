import { describe, expect, it } from 'vitest';
import type { RunContext } from '../../src/task/context.ts';
import type { Task } from '../../src/task/task.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failing, patient, quick, stuck } from '../support/tasks.ts';

/** The parent as each process defines it: it goes on after a death. */
function parent(body: (context: RunContext) => Promise<unknown>): Task {
  const execute = async (context: RunContext) => done(JSON.stringify(await body(context)));
  return taskOf(execute, { id: 'parent', canRecover: true });
}

describe('after the death of the process, a parent', () => {
  it('is given the same children: what has ended at once, what lives on when it ends, and none twice', async () => {
    const first = await openEngine();
    const alive = stuck('alive');
    await first.engine.tasks.define(
      parent(async (context) => [await context.runChild(quick('over', 'first life')), await context.runChild(alive)]),
    );
    const { id } = await first.engine.launch('parent');
    await alive.began;
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    await engine.tasks.define(
      parent(async (context) => {
        const over = await context.runChild(quick('over', 'second life'));
        const goesOn = taskOf(async () => done('goes on'), { id: 'alive', canRecover: true });
        return [over.text, (await context.runChild(goesOn)).text];
      }),
    );
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: '["first life","goes on"]' });
    const children = await store.runs.list({ parentId: id });
    expect(children.map(({ childKey, claim }) => `${childKey} ${claim}`).sort()).toEqual(['#1 1', '#2 2']);
  });

  it('is given those of a group by their keys, in whatever order they had come', async () => {
    const first = await openEngine();
    const alive = stuck('b');
    await first.engine.tasks.define(
      parent((context) =>
        context.runChildren([
          { task: quick('a', 'a of the first'), key: 'a' },
          { task: alive, key: 'b' },
        ]),
      ),
    );
    const { id } = await first.engine.launch('parent');
    const { runId } = await alive.began;
    for await (const event of first.engine.runs.events((await first.store.runs.list({ childKey: 'a' }))[0]?.id ?? '')) {
      if (event.type === 'run.ended') break;
    }
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    const again = taskOf(async () => done('b again'), { id: 'b', canRecover: true });
    await engine.tasks.define(
      parent(async (context) => {
        const list = [
          { task: again, key: 'b' },
          { task: quick('c'), key: 'c' },
          { task: quick('a'), key: 'a' },
        ];
        return (await context.runChildren(list)).map(({ text }) => text);
      }),
    );
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: '["b again","c","a of the first"]' });
    expect(await store.runs.list({ parentId: id })).toHaveLength(3);
    expect(await store.runs.find(runId)).toMatchObject({ claim: 2, state: 'done' });
  });

  it('is told of a child that has died with it, and cannot go on', async () => {
    const first = await openEngine();
    const child = stuck('child');
    await first.engine.tasks.define(parent((context) => context.runChild(child)));
    const { id } = await first.engine.launch('parent');
    await child.began;
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(
      parent(async (context) => (await context.runChild(quick('child'), { surviveFailure: true })).error?.code),
    );
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: '"interrupted"' });
  });

  it('that has died while a failure was on its way up learns of it, and not of the cancelled siblings', async () => {
    const first = await openEngine();
    const sibling = patient('sibling');
    const caught = Promise.withResolvers<void>();
    await first.engine.tasks.define(
      parent(async (context) => {
        const beside = context.runChild(sibling, { key: 'sibling' });
        await sibling.began;
        await context.runChild(failing('bad'), { key: 'bad' }).catch(() => {});
        await beside;
        caught.resolve();
        return new Promise(() => {});
      }),
    );
    const { id } = await first.engine.launch('parent');
    await caught.promise;
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(
      parent(async (context) => {
        const beside = await context.runChild(patient('sibling'), { key: 'sibling' });
        return [beside.status, context.signal.aborted, await context.runChild(failing('bad'), { key: 'bad' })];
      }),
    );
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'child-failed' } });
  });

  it('that cannot go on takes its children along, also those that nobody else knows how to execute', async () => {
    const first = await openEngine();
    const child = stuck('child');
    const execute = async (context: RunContext) => context.runChild(child);
    await first.engine.tasks.define(taskOf(execute, { id: 'parent', graceMs: 1 }));
    const { id } = await first.engine.launch('parent');
    const { runId } = await child.began;
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    await engine.tasks.define(taskOf(execute, { id: 'parent', graceMs: 1 }));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
    expect(await store.runs.find(runId)).toMatchObject({ state: 'failed', cancel: { from: 'parent' } });
  });

  it('that was being cancelled stops its children, too: the order goes down again, with the same deadline', async () => {
    const first = await openEngine();
    const child = stuck('child');
    await first.engine.tasks.define({ ...parent((context) => context.runChild(child)), graceMs: 60_000 });
    const { id } = await first.engine.launch('parent');
    const { runId } = await child.began;
    const order = { reason: 'enough', deadline: '2126-01-01T00:00:00.000Z', graceMs: 60_000, from: 'outside' as const };
    // The death comes between the order to the parent and that to the child.
    const { claim } = (await first.store.runs.find(id)) ?? { claim: 0 };
    await first.store.journal.append({ runId: id, claim, events: [], change: { state: 'cancelling', cancel: order } });
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    const again = patient('child', { canRecover: true });
    await engine.tasks.define(again);
    await engine.tasks.define(parent((context) => context.runChild(again)));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect(await store.runs.find(runId)).toMatchObject({
      state: 'cancelled',
      cancel: { reason: 'enough', deadline: order.deadline, from: 'parent' },
    });
  });
});
