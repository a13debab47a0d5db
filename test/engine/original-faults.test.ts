import { describe, expect, it, vi } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import type { RunContext } from '../../src/task/context.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient, stuck } from '../support/tasks.ts';

describe('the original lost or falsified', () => {
  it('one of two that waited for the same outcome: here everybody gets it, also afterwards (D1.3)', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf(async () => done('for all')));
    const { id } = await engine.launch('task');
    const [one, two] = await Promise.all([engine.runs.outcome(id), engine.runs.outcome(id)]);
    expect([one.text, two.text, (await engine.runs.outcome(id)).text]).toEqual(['for all', 'for all', 'for all']);
  });

  it('the check of two launches at once, of which one has room: the other is refused here (D1.9)', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define({ ...patient('patient'), maxRunning: 1 });
    const launches = await Promise.allSettled([
      engine.launch('patient', { whenFull: 'refuse' }),
      engine.launch('patient', { whenFull: 'refuse' }),
    ]);
    expect(launches.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(launches[1]).toMatchObject({ reason: { reason: 'at-limit' } });
    expect(await store.runs.list()).toHaveLength(1);
  });

  it('the end of a run that could not be written at first: it is written when there is room again (D1.14)', async () => {
    const { engine, store } = await openEngine();
    const append = store.journal.append.bind(store.journal);
    let refusals = 0;
    vi.spyOn(store.journal, 'append').mockImplementation(async (entry) => {
      if (entry.change?.outcome && ++refusals <= 2) throw new OptioError('store-full', 'there is no space');
      return append(entry);
    });
    await engine.tasks.define(taskOf(async () => done('kept')));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'kept' });
    expect(await store.runs.find(id)).toMatchObject({ state: 'done', outcome: { text: 'kept' } });
    expect(refusals).toBe(3);
  });

  it('the end of a run that says very much: 16 MB of it are written, and read again (D1.14)', async () => {
    const { engine, store } = await openEngine();
    const text = 'x'.repeat(16 * 1024 * 1024);
    await engine.tasks.define(taskOf(async () => done(text)));
    const { id } = await engine.launch('task');
    expect((await engine.runs.outcome(id)).text.length).toBe(text.length);
    expect((await store.runs.find(id))?.outcome?.text.length).toBe(text.length);
  });

  it('what a run told: it is not done when that could not be written, whatever it says itself (D1.8)', async () => {
    const { engine, store } = await openEngine();
    const append = store.journal.append.bind(store.journal);
    vi.spyOn(store.journal, 'append').mockImplementation(async (entry) => {
      if (entry.events.some(({ type }) => type === 'notice')) throw new Error('the connection to the store is gone');
      return append(entry);
    });
    await engine.tasks.define(
      taskOf(async (context) => {
        context.emit({ type: 'notice', level: 'info', message: 'a word that nobody will read' });
        return done();
      }),
    );
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
    expect(await store.runs.find(id)).toMatchObject({ state: 'failed' });
  });

  it('what a run told: it tells it again where it can be executed once more, and is done then (D1.8)', async () => {
    const { engine, store } = await openEngine();
    const append = store.journal.append.bind(store.journal);
    let failures = 0;
    vi.spyOn(store.journal, 'append').mockImplementation(async (entry) => {
      const isTold = entry.events.some(({ type }) => type === 'notice');
      if (isTold && ++failures === 1) throw new Error('the connection to the store is gone');
      return append(entry);
    });
    const execute = vi.fn(async (context: RunContext) => {
      context.emit({ type: 'notice', level: 'info', message: 'told' });
      return done();
    });
    await engine.tasks.define(taskOf(execute, { canRecover: true }));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
    expect(execute).toHaveBeenCalledTimes(2);
    expect((await store.journal.read(id, 0)).filter(({ type }) => type === 'notice')).toHaveLength(1);
  });

  it('what is known of a run that has ended: nothing of it is live any more (C16)', async () => {
    const { engine } = await openEngine();
    const task = patient('task');
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    expect(engine.controls.live(id).runId).toBe(id);
    await engine.controls.cancel(id, 'enough');
    await engine.runs.outcome(id);
    expect(() => engine.controls.live(id)).toThrow(/is not under way/);
  });

  it('a run that stops as cancelled without an order: it has ended here, and stays at nothing (D1.6)', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(taskOf(async () => ({ ...done(), status: 'cancelled' as const })));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect(await store.runs.find(id)).toMatchObject({ state: 'cancelled' });
  });

  it('a run that throws an abort without an order: it has failed here (D1.6)', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf(async () => Promise.reject(new DOMException('stopped', 'AbortError'))));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
  });

  it('a cancel of a run that nobody works on: it is written down, and over in time (D1.10)', async () => {
    const first = await openEngine();
    const task = stuck('task');
    await first.engine.tasks.define(task);
    const { id } = await first.engine.launch('task');
    await task.began;
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      await engine.controls.cancel(id, 'enough');
      expect(await store.runs.find(id)).toMatchObject({ state: 'cancelling', cancel: { reason: 'enough' } });
      await vi.advanceTimersByTimeAsync(5_000);
    } finally {
      vi.useRealTimers();
    }
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
  });

  it('a cancelled run whose task nobody defines any more: it is over in the time it has left (D1.10)', async () => {
    const first = await openEngine();
    const task = stuck('task');
    await first.engine.tasks.define(task);
    const { id } = await first.engine.launch('task');
    await task.began;
    const { claim, lastSeq } = (await first.store.runs.find(id)) ?? { claim: 0, lastSeq: 0 };
    expect(lastSeq).toBeGreaterThan(0);
    const cancel = { reason: 'enough', deadline: '2026-01-01T00:00:00.000Z', graceMs: 50, from: 'outside' as const };
    await first.store.journal.append({ runId: id, claim, events: [], change: { state: 'cancelling', cancel } });
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
  });

  it('a cancelled run whose process died: it has stopped by that, and did not fail (D1.10)', async () => {
    const first = await openEngine();
    const task = stuck('task', { graceMs: 60_000 });
    await first.engine.tasks.define(task);
    const { id } = await first.engine.launch('task');
    await task.began;
    await first.engine.controls.cancel(id, 'enough');
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(stuck('task', { graceMs: 60_000 }));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', error: { message: 'enough' } });
  });

  it('an order over a restart: the run is told again, and does not come back as running (D1.11)', async () => {
    const first = await openEngine();
    const task = stuck('task', { graceMs: 60_000, canRecover: true });
    await first.engine.tasks.define(task);
    const { id } = await first.engine.launch('task');
    await task.began;
    await first.engine.controls.cancel(id, 'enough');
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    await engine.tasks.define(patient('task', { canRecover: true }));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect((await store.runs.find(id))?.cancel).toMatchObject({ reason: 'enough', graceMs: 60_000 });
    expect((await failureOf(engine.controls.cancel('run-nobody', 'x'))).code).toBe('not-found');
  });
});
