import { describe, expect, it, vi } from 'vitest';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient, stuck } from '../support/tasks.ts';

describe('the original lost or falsified', () => {
  it('a run that stops as cancelled without an order: it has ended here, and stays at nothing (D1.6)', async () => {
    const { engine, store } = await openEngine();
    await engine.define(taskOf(async () => ({ ...done(), status: 'cancelled' as const })));
    const { id } = await engine.launch('task');
    expect(await engine.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect(await store.runs.find(id)).toMatchObject({ state: 'cancelled' });
  });

  it('a run that throws an abort without an order: it has failed here (D1.6)', async () => {
    const { engine } = await openEngine();
    await engine.define(taskOf(async () => Promise.reject(new DOMException('stopped', 'AbortError'))));
    const { id } = await engine.launch('task');
    expect(await engine.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
  });

  it('a cancel of a run that nobody works on: it is written down, and over in time (D1.10)', async () => {
    const first = await openEngine();
    const task = stuck('task');
    await first.engine.define(task);
    const { id } = await first.engine.launch('task');
    await task.began;
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      await engine.cancel(id, 'enough');
      expect(await store.runs.find(id)).toMatchObject({ state: 'cancelling', cancel: { reason: 'enough' } });
      await vi.advanceTimersByTimeAsync(5_000);
    } finally {
      vi.useRealTimers();
    }
    expect(await engine.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
  });

  it('an order over a restart: the run is told again, and does not come back as running (D1.11)', async () => {
    const first = await openEngine();
    const task = stuck('task', { graceMs: 60_000, canRecover: true });
    await first.engine.define(task);
    const { id } = await first.engine.launch('task');
    await task.began;
    await first.engine.cancel(id, 'enough');
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    await engine.define(patient('task', { canRecover: true }));
    expect(await engine.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect((await store.runs.find(id))?.cancel).toMatchObject({ reason: 'enough', graceMs: 60_000 });
    expect((await failureOf(engine.cancel('run-nobody', 'x'))).code).toBe('not-found');
  });
});
