import { describe, expect, it, vi } from 'vitest';
import type { Task } from '../../src/task/task.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { stuck } from '../support/tasks.ts';

describe('a run that does not stop in time', () => {
  it('is ended by force outside of our process, and has failed only then', async () => {
    const { engine, store, directory } = await openEngine();
    const states: unknown[] = [];
    const task = stuck('task', {
      graceMs: 1,
      letGo: async ({ runId, directories }) => {
        states.push((await store.runs.find(runId))?.state, directories.run);
      },
    });
    await engine.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    await engine.cancel(id, 'enough');
    expect(await engine.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
    expect(states).toEqual(['cancelling', `${directory}/runs/${id}`]);
  });

  it('is let go all the same when that fails', async () => {
    const { engine } = await openEngine();
    const letGo = vi.fn(() => Promise.reject(new Error('it cannot be ended')));
    const task = stuck('task', { graceMs: 1, letGo });
    await engine.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    await engine.cancel(id, 'enough');
    expect(await engine.outcome(id)).toMatchObject({ status: 'failed' });
    expect(letGo).toHaveBeenCalledOnce();
  });

  it('does not touch the next run of its task, whatever its body still does (D1.2)', async () => {
    const { engine, store } = await openEngine();
    const late = Promise.withResolvers<void>();
    const bodies: Promise<unknown>[] = [];
    const second = Promise.withResolvers<void>();
    const execute: Task['execute'] = async (context) => {
      if (bodies.length > 0) {
        await second.promise;
        return done('the second');
      }
      const body = late.promise.then(async () => {
        context.emit({ type: 'notice', level: 'info', message: 'a late word' });
        await context.saveCheckpoint('late').catch(() => {});
        return done('late');
      });
      bodies.push(body);
      return body;
    };
    await engine.define(taskOf(execute, { graceMs: 1 }));
    const first = await engine.launch('task');
    await vi.waitFor(() => expect(bodies).toHaveLength(1));
    await engine.cancel(first.id, 'enough');
    await engine.outcome(first.id);

    const { id } = await engine.launch('task');
    await vi.waitFor(async () => expect(await store.runs.find(id)).toMatchObject({ state: 'running' }));
    late.resolve();
    await Promise.all(bodies);
    expect(await store.runs.find(id)).toMatchObject({ state: 'running', cancel: null, checkpoint: null });
    expect(await store.runs.find(first.id)).toMatchObject({ state: 'failed', outcome: { text: '' } });
    second.resolve();
    expect(await engine.outcome(id)).toMatchObject({ status: 'done', text: 'the second' });
  });
});
