import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { leftOf } from '../../src/engine/cancellation.ts';
import type { RunContext } from '../../src/task/context.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { patient, quick, stuck } from '../support/tasks.ts';

describe('an order to stop', () => {
  it('holds as it was given first: a second one moves no deadline (C16)', async () => {
    const { engine, store } = await openEngine();
    const go = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(
        async () => {
          began.resolve();
          await go.promise;
          return done();
        },
        { graceMs: 60_000 },
      ),
    );
    const { id } = await engine.launch('task');
    await began.promise;
    await engine.controls.cancel(id, 'first');
    const first = (await store.runs.find(id))?.cancel;
    await engine.controls.cancel(id, 'second');
    expect(first).toMatchObject({ reason: 'first', graceMs: 60_000, from: 'outside' });
    expect((await store.runs.find(id))?.cancel).toEqual(first);
    go.resolve();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
  });

  it('has one deadline over three levels, whatever the tasks below have for themselves (C16)', async () => {
    const { engine, store } = await openEngine();
    const leaf = patient('leaf', { graceMs: 1 });
    const middle = taskOf((context) => context.runChild(leaf), { id: 'middle', graceMs: 2 });
    await engine.tasks.define(taskOf((context) => context.runChild(middle), { id: 'top', graceMs: 60_000 }));
    const { id } = await engine.launch('top');
    await leaf.began;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
    const tree = await store.runs.list({ rootId: id });
    expect(tree.map(({ taskId, state }) => `${taskId} ${state}`).sort()).toEqual([
      'leaf cancelled',
      'middle cancelled',
      'top cancelled',
    ]);
    expect(new Set(tree.map(({ cancel }) => cancel?.deadline)).size).toBe(1);
    expect(tree.map(({ cancel }) => cancel?.from).sort()).toEqual(['outside', 'parent', 'parent']);
  });

  it('lets the whole subtree go at the deadline, the topmost last', async () => {
    const { engine, store } = await openEngine();
    const leaf = stuck('leaf');
    const middle = taskOf((context) => context.runChild(leaf), { id: 'middle' });
    const top = async (context: RunContext) => {
      await context.runChild(middle).catch(() => {});
      return new Promise<never>(() => {});
    };
    await engine.tasks.define(taskOf(top, { id: 'top', graceMs: 1 }));
    const { id } = await engine.launch('top');
    await leaf.began;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
    const tree = await store.runs.list({ rootId: id });
    expect(tree.find(({ taskId }) => taskId === 'leaf')).toMatchObject({ state: 'failed' });
    const ends = tree.map(({ endedAt }) => endedAt ?? '9');
    expect(ends.every((at) => at <= (tree.find((run) => run.id === id)?.endedAt ?? ''))).toBe(true);
  });

  it('gives nobody more time when the clock is set back, and some to whoever takes a run up too late', () => {
    const order = { reason: 'x', graceMs: 60_000, from: 'outside' as const };
    const at = (ms: number) => leftOf({ ...order, deadline: new Date(Date.now() + ms).toISOString() });
    expect(at(3_600_000)).toBeCloseTo(60_000);
    expect(at(-3_600_000)).toBeCloseTo(10_000);
    const short = { ...order, graceMs: 50, deadline: '2020-01-01T00:00:00.000Z' };
    expect(leftOf(short), 'no more than it had').toBeCloseTo(50);
  });
});

describe('a run that is to stop', () => {
  it('begins no more children: the outcome is cancelled, and nothing is written', async () => {
    const { engine, store } = await openEngine();
    const began = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(async (context) => {
        began.resolve();
        await told(context.signal);
        const one = await context.runChild(quick('one'));
        const group = await context.runChildren([{ task: quick('two') }]);
        return done([one, ...group].map(({ status }) => status).join());
      }),
    );
    const { id } = await engine.launch('task');
    await began.promise;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', text: 'cancelled,cancelled' });
    expect(await store.runs.list({ parentId: id })).toEqual([]);
  });

  it('stops its children itself where its task says so, and may begin more of them (C16)', async () => {
    const { engine, store } = await openEngine();
    const child = patient('child');
    const saw: boolean[] = [];
    await engine.tasks.define(
      taskOf(
        async (context) => {
          void context.runChild(child);
          const { signal } = await child.began;
          await told(context.signal);
          const tidied = await context.runChild(quick('tidy up'));
          saw.push(signal.aborted);
          return done(tidied.status);
        },
        { cancelsChildren: false, graceMs: 60_000 },
      ),
    );
    const { id } = await engine.launch('task');
    await child.began;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', text: 'done' });
    expect(saw).toEqual([false]);
    const children = await store.runs.list({ parentId: id });
    expect(children.map(({ taskId, state }) => `${taskId} ${state}`).sort()).toEqual([
      'child cancelled',
      'tidy up done',
    ]);
  });

  it('takes a child along that was begun after the order when its own time is over (C16)', async () => {
    const { engine, store } = await openEngine();
    const late = stuck('late', { graceMs: 60_000 });
    const began = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(
        async (context) => {
          began.resolve();
          await told(context.signal);
          return context.runChild(late);
        },
        { cancelsChildren: false, graceMs: 60_000 },
      ),
    );
    const { id } = await engine.launch('task');
    await began.promise;
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    await engine.controls.cancel(id, 'enough');
    const { runId } = await late.began;
    expect(await store.runs.find(runId)).toMatchObject({ state: 'running', cancel: null });
    let hasEnded = false;
    const outcome = engine.runs.outcome(id).finally(() => {
      hasEnded = true;
    });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(hasEnded).toBe(false);
    while (!hasEnded) {
      await vi.advanceTimersByTimeAsync(1_000);
      await new Promise(setImmediate); // so that what is written gets on
    }
    expect(await outcome).toMatchObject({ status: 'failed' });
    expect(await store.runs.find(runId)).toMatchObject({ state: 'failed', cancel: { from: 'parent' } });
  });

  it('that says done in spite of it is cancelled, with what it did', async () => {
    const { engine, store } = await openEngine();
    const began = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(async (context) => {
        began.resolve();
        await told(context.signal);
        return done('as far as it got');
      }),
    );
    const { id } = await engine.launch('task');
    await began.promise;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', text: 'as far as it got' });
    expect(await store.runs.find(id)).toMatchObject({ state: 'cancelled' });
  });

  it('and has just come to its end ends once, as cancelled or as it was, and is never left between', async () => {
    const { engine, store } = await openEngine();
    const ends = new Set<string>();
    await engine.tasks.define(
      taskOf(async (context) => done(String(context.params)), { retry: { attempts: 2, backoffMs: 0 } }),
    );
    for (let turns = 0; turns < 40; turns++) {
      const { id } = await engine.launch('task', { params: turns });
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      await engine.controls.cancel(id, 'enough');
      const { status } = await engine.runs.outcome(id);
      expect(await store.runs.find(id)).toMatchObject({ state: status });
      ends.add(status);
    }
    expect([...ends].filter((status) => status !== 'done' && status !== 'cancelled')).toEqual([]);
  });

  it('and has its end written down just then is cancelled: the order was first', async () => {
    const { engine, store } = await openEngine();
    const go = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(async () => {
        began.resolve();
        await go.promise;
        return done('to the last');
      }),
    );
    const { id } = await engine.launch('task');
    await began.promise;
    const { asks } = engine.controls.live(id);
    const end = asks.end.bind(asks);
    let cancelled: Promise<void> | undefined;
    vi.spyOn(asks, 'end').mockImplementation(async () => {
      await end();
      cancelled = engine.controls.cancel(id, 'enough');
    });
    go.resolve();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', text: 'to the last' });
    await cancelled;
    expect(await store.runs.find(id)).toMatchObject({ state: 'cancelled', cancel: { reason: 'enough' } });
  });

  it('is not tried again, also when it fails at that very moment', async () => {
    const { engine, store } = await openEngine();
    const failed = Promise.withResolvers<void>();
    const append = store.journal.append.bind(store.journal);
    await engine.tasks.define(
      taskOf(async () => Promise.reject(new Error('no')), { retry: { attempts: 2, backoffMs: 3_600_000 } }),
    );
    let id = '';
    let cancelled: Promise<void> | undefined;
    vi.spyOn(store.journal, 'append').mockImplementation(async (entry) => {
      // Somebody cancels while it is being written down that it is to be tried again.
      if (entry.change?.attempt === 2) {
        cancelled = engine.controls.cancel(id, 'enough');
        failed.resolve();
      }
      return append(entry);
    });
    ({ id } = await engine.launch('task'));
    await failed.promise;
    await cancelled;
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect(await store.runs.find(id)).toMatchObject({ state: 'cancelled' });
  });
});
