import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { ChildFailed, OptioError } from '../../src/errors.ts';
import type { RunContext } from '../../src/task/context.ts';
import type { Task } from '../../src/task/task.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { failing, patient, quick } from '../support/tasks.ts';

/** Runs something as the body of a run, and gives the id of that. */
async function within(engine: Engine, body: (context: RunContext) => Promise<unknown>, more: Partial<Task> = {}) {
  await engine.tasks.define(
    taskOf(async (context) => done(JSON.stringify(await body(context))), { id: 'parent', ...more }),
  );
  const { id } = await engine.launch('parent', { metadata: { team: 'red' } });
  return { id, outcome: await engine.runs.outcome(id) };
}

describe('a child', () => {
  it('is a run of its own, with its parent, its root and the tags of that', async () => {
    const { engine, store } = await openEngine();
    const inner = taskOf(async (context) => context.runChild(quick('leaf'), { params: { n: 1 } }), { id: 'inner' });
    const { id } = await within(engine, (context) => context.runChild(inner, { key: 'the inner one' }));
    const [child] = await store.runs.list({ parentId: id });
    expect(child).toMatchObject({ rootId: id, childKey: 'the inner one', state: 'done', metadata: { team: 'red' } });
    const [leaf] = await store.runs.list({ parentId: child?.id ?? '' });
    expect(leaf).toMatchObject({ rootId: id, childKey: '#1', taskId: 'leaf', params: { n: 1 }, state: 'done' });
  });

  it('gives its outcome, be it of a task that is defined or of one that is only here', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('defined'));
    const { outcome } = await within(engine, async (context) => [
      (await context.runChild('defined')).text,
      (await context.runChild(quick('here'))).text,
    ]);
    expect(outcome).toMatchObject({ status: 'done', text: '["defined","here"]' });
  });

  it('is refused when nobody knows its task', async () => {
    const { engine } = await openEngine();
    const { outcome } = await within(engine, (context) => context.runChild('nobody'));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'launch-refused' } });
  });

  it('has a key of its own', async () => {
    const { engine, store } = await openEngine();
    const { id, outcome } = await within(engine, async (context) => {
      await context.runChild(quick('a'), { key: 'same' });
      await context.runChild(quick('b'), { key: 'same' });
    });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'invalid-input' } });
    expect(await store.runs.list({ parentId: id })).toHaveLength(1);
  });

  it('is done once, however often its parent is tried: what was done stays, what was not is done again', async () => {
    const { engine, store } = await openEngine();
    const { id, outcome } = await within(
      engine,
      async (context) => {
        const first = await context.runChild(quick('first', `of attempt ${context.attempt}`));
        const second = await context.runChild(context.attempt === 1 ? failing('second') : quick('second'));
        return [first.text, second.text];
      },
      { retry: { attempts: 2, backoffMs: 1 } },
    );
    expect(outcome).toMatchObject({ status: 'done', text: '["of attempt 1","second"]' });
    const children = await store.runs.list({ parentId: id });
    const begun = children.map(({ taskId, parentAttempt, state }) => `${taskId} ${parentAttempt} ${state}`);
    expect(begun.sort()).toEqual(['first 1 done', 'second 1 failed', 'second 2 done']);
  });

  it('that is not over when its parent is, is cancelled, and its parent has ended last', async () => {
    const { engine, store } = await openEngine();
    const child = patient('child');
    const { id, outcome } = await within(engine, async (context) => {
      void context.runChild(child);
      await child.began;
    });
    expect(outcome.status).toBe('done');
    const [left] = await store.runs.list({ parentId: id });
    expect(left).toMatchObject({ state: 'cancelled' });
    expect((left?.endedAt ?? '') <= ((await store.runs.find(id))?.endedAt ?? '')).toBe(true);
  });

  it('tells its parent how far it is', async () => {
    const { engine } = await openEngine();
    const child = taskOf(async (context) => {
      context.progress(30, 'a third');
      context.progress(100);
      return done();
    });
    const seen: unknown[] = [];
    const onProgress = (key: string, progress: unknown) => seen.push([key, progress]);
    await within(engine, (context) => context.runChild(child, { key: 'c', onProgress }));
    expect(seen).toEqual([
      ['c', { percent: 30, message: 'a third' }],
      ['c', { percent: 100, message: null }],
    ]);
  });
});

describe('a child that fails', () => {
  it('is thrown in its parent with its cause, and cancels its siblings, which are over by then (C16)', async () => {
    const { engine, store } = await openEngine();
    const sibling = patient('sibling');
    let states: string[] = [];
    const { id, outcome } = await within(engine, async (context) => {
      const beside = context.runChild(sibling);
      await sibling.began;
      const failure = await failureOf(context.runChild(failing('bad', 'no such thing'), { key: 'bad' }));
      states = (await store.runs.list({ parentId: context.runId })).map(({ state }) => state);
      expect(failure).toBeInstanceOf(ChildFailed);
      expect(failure.cause).toBeInstanceOf(OptioError);
      return [failure.code, (failure.cause as Error).message, (await beside).status, context.signal.aborted];
    });
    expect(outcome).toMatchObject({ status: 'done', text: '["child-failed","no such thing","cancelled",false]' });
    expect(states.sort()).toEqual(['cancelled', 'failed']);
    expect(await store.runs.find(id)).toMatchObject({ state: 'done', cancel: null });
  });

  it('makes its parent fail when that does not catch it', async () => {
    const { engine } = await openEngine();
    const { outcome } = await within(engine, (context) => context.runChild(failing('bad'), { key: 'bad' }));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'child-failed' } });
    expect(outcome.error?.message).toContain('"bad"');
  });

  it('is an outcome like any other where it may survive', async () => {
    const { engine } = await openEngine();
    const sibling = patient('sibling');
    const { outcome } = await within(engine, async (context) => {
      void context.runChild(sibling);
      const { signal } = await sibling.began;
      const { status } = await context.runChild(failing('bad'), { surviveFailure: true });
      return [status, signal.aborted];
    });
    expect(outcome).toMatchObject({ status: 'done', text: '["failed",false]' });
  });
});

describe('a child that somebody cancels', () => {
  it('cancels its parent, which does not stay at cancelling (C16)', async () => {
    const { engine, store } = await openEngine();
    const child = patient('child');
    const parent = within(engine, async (context) => {
      const { status } = await context.runChild(child);
      return [status, context.signal.aborted];
    });
    await engine.controls.cancel((await child.began).runId, 'not this one');
    const { id, outcome } = await parent;
    expect(outcome).toMatchObject({ status: 'cancelled', text: '["cancelled",true]' });
    expect(await store.runs.find(id)).toMatchObject({ state: 'cancelled', cancel: { from: 'outside' } });
  });

  it('is an outcome like any other where it may survive', async () => {
    const { engine } = await openEngine();
    const child = patient('child');
    const parent = within(engine, async (context) => {
      const { status } = await context.runChild(child, { surviveCancel: true });
      return [status, context.signal.aborted];
    });
    await engine.controls.cancel((await child.began).runId, 'not this one');
    expect((await parent).outcome).toMatchObject({ status: 'done', text: '["cancelled",false]' });
  });
});

describe('a child and the limits', () => {
  it.each([
    ['of all', { limits: { total: 1 } }, {}],
    ['of a tag', { limits: { byTag: { team: 1 } } }, {}],
    ['of its own task', {}, { maxRunning: 1 }],
  ])('is not kept out by the place of the parent that waits for it: the limit %s', async (_, options, more) => {
    const { engine } = await openEngine(options);
    const { outcome } = await within(
      engine,
      async (context) => {
        if (context.params === 'deep') return 'deep';
        return (await context.runChild('parent', { params: 'deep' })).text;
      },
      more,
    );
    expect(outcome).toMatchObject({ status: 'done', text: '"\\"deep\\""' });
  });
});
