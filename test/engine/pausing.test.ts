import { describe, expect, it, vi } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { OptioError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import type { RunContext } from '../../src/task/context.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { stateOf, turning, untilState, viewOf } from '../support/turning.ts';

describe('a run that somebody pauses', () => {
  it('begins no turn until it is resumed, and says why', async () => {
    const { engine } = await openEngine();
    const { task, began, turn, turns, end } = turning();
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await began;
    await turn('a');
    await engine.controls.pause(id, 'lunch');
    expect(await viewOf(engine, id)).toMatchObject({ state: 'paused', pause: { reason: 'wish', message: 'lunch' } });
    const second = turn('b');
    await expect((await began).whenPaused()).resolves.toBeUndefined();
    expect(turns).toEqual(['a']);
    await engine.controls.resume(id);
    await second;
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', pause: null });
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'a,b' });
  });

  it('cannot be paused before it is under way, nor twice, and resuming what runs does nothing', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning({ tellsBegin: true });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    await expect(engine.controls.pause(id)).rejects.toMatchObject({ code: 'state-changed' });
    expect(context.isPaused).toBe(false);
    await context.begin();
    await engine.controls.resume(id);
    await Promise.all([engine.controls.pause(id, 'first'), engine.controls.pause(id, 'second')]);
    expect((await viewOf(engine, id)).pause?.message).toBe('first');
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
    await expect(engine.controls.pause(id)).rejects.toMatchObject({ code: 'conversation-not-ready' });
  });

  it('can be cancelled meanwhile', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning();
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    (await began).signal.addEventListener('abort', () => end());
    await engine.controls.pause(id);
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
  });

  it('is paused still after a death, for the same reason', async () => {
    const first = await openEngine();
    const before = turning();
    await first.engine.tasks.define(before.task);
    const { id } = await first.engine.launch('task');
    await before.began;
    await first.engine.controls.pause(id, 'lunch');
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    const { task, began, turn, turns, end } = turning();
    await engine.tasks.define(task);
    expect((await began).isPaused).toBe(true);
    const waiting = turn('b');
    expect(await stateOf(engine, id)).toBe('paused');
    expect(turns).toEqual([]);
    await engine.controls.resume(id);
    await waiting;
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'b' });
  });

  it('is tried again without a pause when it fails meanwhile', async () => {
    const { engine } = await openEngine();
    const fails = Promise.withResolvers<never>();
    fails.promise.catch(() => {});
    const began = Promise.withResolvers<void>();
    const execute = async ({ attempt, isPaused }: RunContext) => {
      if (attempt === 2) return done(`paused: ${isPaused}`);
      began.resolve();
      return fails.promise;
    };
    await engine.tasks.define(taskOf(execute, { retry: { attempts: 2, backoffMs: 0 } }));
    const { id } = await engine.launch('task');
    await began.promise;
    await engine.controls.pause(id);
    fails.reject(new Error('it went wrong'));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'paused: false' });
  });
});

/** A disk that fills with the first notice, and has no space until somebody says so. */
function fillDisk({ reserve, journal }: Store): { hasSpace: boolean } {
  const disk = { hasSpace: false };
  const spend = vi.spyOn(reserve, 'spend');
  vi.spyOn(reserve, 'restore').mockImplementation(async () => disk.hasSpace);
  const append = journal.append.bind(journal);
  vi.spyOn(journal, 'append').mockImplementation(async (entry) => {
    if (spend.mock.calls.length === 0 && entry.events.some(({ type }) => type === 'notice'))
      throw new OptioError('store-full', 'there is no space');
    return append(entry);
  });
  return disk;
}

const NOTICE: RunEventBody = { type: 'notice', level: 'info', message: 'one too many' };

describe('a run while there is no space', () => {
  it('is paused in a state that is written down, and goes on by itself when there is some', async () => {
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const { engine, store } = await openEngine({ clock });
    const disk = fillDisk(store);
    const { task, began, end } = turning();
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    void context.whenPaused().then(() => context.atRest());
    context.emit(NOTICE);
    await untilState(engine, id, 'paused');
    expect(await viewOf(engine, id)).toMatchObject({ pause: { reason: 'storeFull' } });
    await expect(engine.launch('task')).rejects.toMatchObject({ code: 'store-full' });
    disk.hasSpace = true;
    clock.pass(2_000);
    await untilState(engine, id, 'running');
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
    const events: RunEvent[] = [];
    for await (const event of engine.runs.past(id)) events.push(event);
    expect(events.filter(({ type }) => type === 'notice')).toHaveLength(1);
  });

  it('cannot be resumed, and is paused still when there is space again where somebody wished so meanwhile', async () => {
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const { engine, store } = await openEngine({ clock });
    const disk = fillDisk(store);
    const { task, began, end } = turning();
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    void context.whenPaused().then(() => context.atRest());
    context.emit(NOTICE);
    await untilState(engine, id, 'paused');
    await expect(engine.controls.resume(id)).rejects.toMatchObject({ code: 'store-full' });
    expect(await stateOf(engine, id)).toBe('paused');
    await engine.controls.pause(id, 'lunch');
    await expect(engine.controls.resume(id)).rejects.toMatchObject({ code: 'store-full' });
    await engine.controls.pause(id, 'dinner');
    disk.hasSpace = true;
    clock.pass(2_000);
    await vi.waitFor(async () => expect((await engine.launch('task')).id).toBeDefined());
    expect(await viewOf(engine, id)).toMatchObject({ pause: { reason: 'wish', message: 'dinner' } });
    await engine.controls.resume(id);
    expect(await stateOf(engine, id)).toBe('running');
    end();
    await engine.runs.outcome(id);
  });

  it('goes on by itself also in the next process, where there is some', async () => {
    const first = await openEngine();
    fillDisk(first.store);
    const before = turning();
    await first.engine.tasks.define(before.task);
    const { id } = await first.engine.launch('task');
    const context = await before.began;
    void context.whenPaused().then(() => context.atRest());
    context.emit(NOTICE);
    await untilState(first.engine, id, 'paused');
    await first.die();
    vi.restoreAllMocks();
    const { engine } = await openEngine({ directory: first.directory });
    const { task, end } = turning();
    await engine.tasks.define(task);
    await untilState(engine, id, 'running');
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
  });
});
