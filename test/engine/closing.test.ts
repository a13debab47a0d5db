import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { RunRecord } from '../../src/store/store.ts';
import type { RunContext } from '../../src/task/context.ts';
import { TestClock } from '../support/clock.ts';
import { testDirectory } from '../support/directories.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient, quick, stuck } from '../support/tasks.ts';

/** A task that ends when it is let. */
function held(id: string) {
  const began = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const execute = async () => {
    began.resolve();
    await go.promise;
    return done('in its own time');
  };
  return { task: taskOf(execute, { id }), began: began.promise, go: go.resolve };
}

function watch(closed: Promise<void>): { isOver: boolean } {
  const watched = { isOver: false };
  void closed.then(() => {
    watched.isOver = true;
  });
  return watched;
}

async function stateOf(engine: Engine, id: string) {
  return (await engine.runs.find(id))?.state;
}

describe('closing while the store takes nothing', () => {
  it.each([
    ['leaves', { leave: true }],
    ['cancels', {}],
  ])('comes to an end, and says why its runs are left, where it %s them', async (_, options) => {
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const { engine, store, die } = await openEngine({ clock });
    const task = patient('patient', { canRecover: true });
    await engine.tasks.define(task);
    const { id } = await engine.launch('patient');
    const context = await task.began;
    const append = vi.spyOn(store.journal, 'append').mockImplementation(async () => {
      throw new OptioError('store-failed', 'disk I/O error');
    });
    context.emit({ type: 'notice', level: 'info', message: 'one too many' });
    await vi.waitFor(() => expect(append).toHaveBeenCalled());
    const problem = async () => engine.runs.problemOf((await engine.runs.find(id)) as RunRecord);
    expect(await problem()).toBe('what it tells cannot be written down: disk I/O error');
    const closed = engine.close(options).then(
      () => 'closed',
      (thrown) => thrown.code,
    );
    if (!('leave' in options)) clock.pass(10_000);
    expect(await closed).toBe('leave' in options ? 'closed' : 'store-failed');
    expect(await engine.runs.find(id)).toMatchObject({ state: 'running' });
    await die();
  });
});

describe('closing', () => {
  it('lets what is under way come to its end, refuses launches meanwhile, and is over last (C16)', async () => {
    const { engine } = await openEngine();
    const { task, began, go } = held('held');
    await engine.tasks.define(task);
    const { id } = await engine.launch('held');
    await began;
    const closed = engine.close({ drainMs: 60_000 });
    const watched = watch(closed);
    expect(await failureOf(engine.launch('held'))).toMatchObject({ reason: 'shutting-down' });
    expect(await stateOf(engine, id)).toBe('running');
    expect(watched.isOver).toBe(false);
    go();
    await closed;
    expect(await engine.runs.find(id)).toMatchObject({ state: 'done', outcome: { text: 'in its own time' } });
  });

  it('leaves what waits for the next process, and begins children of what is under way', async () => {
    const { engine } = await openEngine({ limits: { byTag: { team: 1 } } });
    const { task, began, go } = held('held');
    const parent = taskOf(
      async (context) => {
        await context.runChild(task);
        return context.runChild(quick('last'));
      },
      { id: 'parent' },
    );
    await engine.tasks.define(parent);
    const { id } = await engine.launch('parent', { metadata: { team: 'red' } });
    await began;
    const { id: waiting } = await engine.launch('parent', { metadata: { team: 'red' }, priority: -1 });
    const closed = engine.close({ drainMs: 60_000 });
    go();
    await closed;
    expect(await engine.runs.find(id)).toMatchObject({ state: 'done', outcome: { text: 'last' } });
    expect(await stateOf(engine, waiting)).toBe('scheduled');
  });

  it('cancels at the deadline what is not over by then, and waits until all of it has ended', async () => {
    const { engine } = await openEngine();
    const leaf = stuck('leaf');
    await engine.tasks.define(patient('patient'));
    const parent = async (context: RunContext) => {
      await context.runChild(leaf).catch(() => {});
      return new Promise<never>(() => {});
    };
    await engine.tasks.define(taskOf(parent, { id: 'parent', graceMs: 1 }));
    const [one, two] = [await engine.launch('patient'), await engine.launch('parent')];
    const { runId } = await leaf.began;
    await engine.close({ drainMs: 1 });
    expect(await stateOf(engine, one.id)).toBe('cancelled');
    expect(await stateOf(engine, two.id)).toBe('failed');
    expect(await stateOf(engine, runId)).toBe('failed');
  });

  it('cancels also what is only about to begin', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(patient('patient'));
    const { id } = await engine.launch('patient');
    await engine.close();
    expect(await stateOf(engine, id)).toBe('cancelled');
  });

  it('is done once, whoever asks for it', async () => {
    const { engine } = await openEngine();
    expect(engine.close()).toBe(engine.close({ drainMs: 1 }));
  });

  it('waits as long as it takes where it may take any time', async () => {
    const { engine } = await openEngine();
    const { task, began, go } = held('held');
    await engine.tasks.define(task);
    const { id } = await engine.launch('held');
    await began;
    const warned = vi.spyOn(process, 'emitWarning'); // by timers that cannot wait so long, and are over at once
    const closed = engine.close({ drainMs: Number.POSITIVE_INFINITY });
    expect(warned).not.toHaveBeenCalled();
    go();
    await closed;
    expect(await stateOf(engine, id)).toBe('done');
  });

  it('writes down a launch that is under way, and leaves it to the next process', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(quick('quick'));
    const go = Promise.withResolvers<void>();
    const add = store.runs.add.bind(store.runs);
    vi.spyOn(store.runs, 'add').mockImplementation((...run) => go.promise.then(() => add(...run)));
    const launched = engine.launch('quick');
    const closed = engine.close();
    const watched = watch(closed);
    for (let n = 0; n < 20; n++) await new Promise(setImmediate); // longer than it takes when nothing is under way
    expect(watched.isOver).toBe(false);
    go.resolve();
    await closed;
    const { id } = await launched;
    expect(await failureOf(engine.runs.outcome(id))).toMatchObject({ code: 'aborted' });
    expect(await stateOf(engine, id)).toBe('scheduled');
  });

  it('tells whoever asks for it of an order that could not be given, once all else is over', async () => {
    const { engine, store, die } = await openEngine();
    const [leaf, other] = [patient('leaf'), patient('other')];
    await engine.tasks.define(taskOf((context) => context.runChild(leaf), { id: 'parent' }));
    await engine.tasks.define(other);
    const [parent, beside] = [await engine.launch('parent'), await engine.launch('other')];
    const { runId } = await leaf.began;
    await other.began;
    // That of the parent is written down, and then it cannot be read what it has begun.
    vi.spyOn(store.runs, 'list').mockRejectedValueOnce(new OptioError('store-failed', 'disk I/O error'));
    expect((await failureOf(engine.close())).code).toBe('store-failed');
    expect(await stateOf(engine, beside.id)).toBe('cancelled');
    expect(await stateOf(engine, parent.id)).toBe('cancelling');
    expect(await stateOf(engine, runId)).toBe('running');
    expect((await failureOf(engine.close())).code).toBe('store-failed');
    await die();
  });

  it('leaves to the next process what can go on there, with all that it has begun', async () => {
    const first = await openEngine();
    const leaf = stuck('leaf', { canRecover: true });
    await first.engine.tasks.define(taskOf((context) => context.runChild(leaf), { id: 'parent', canRecover: true }));
    const { id } = await first.engine.launch('parent');
    const { runId } = await leaf.began;
    await first.engine.close({ leave: true });
    expect(await stateOf(first.engine, id)).toBe('running');
    expect(await stateOf(first.engine, runId)).toBe('running');
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    const again = taskOf(async () => done('there'), { id: 'leaf', canRecover: true });
    await engine.tasks.define(taskOf((context) => context.runChild(again), { id: 'parent', canRecover: true }));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'there' });
  });

  it('does not leave a parent whose child cannot go on, nor a run that is to stop (D1.11)', async () => {
    const { engine } = await openEngine();
    const leaf = patient('leaf');
    await engine.tasks.define(taskOf((context) => context.runChild(leaf), { id: 'parent', canRecover: true }));
    const { task, began, go } = held('held');
    await engine.tasks.define({ ...task, canRecover: true, graceMs: 60_000 });
    const [parent, stopping] = [await engine.launch('parent'), await engine.launch('held')];
    await Promise.all([leaf.began, began]);
    await engine.controls.cancel(stopping.id, 'enough');
    const closed = engine.close({ leave: true });
    expect(await engine.runs.outcome(parent.id)).toMatchObject({ status: 'cancelled' });
    go();
    await closed;
    expect(await stateOf(engine, stopping.id)).toBe('cancelled');
  });

  it('ends the reading of runs that wait, and of those that have ended', async () => {
    const { engine } = await openEngine({ limits: { total: 0 } });
    await engine.tasks.define(quick('quick'));
    const { id } = await engine.launch('quick');
    const read = (async () => {
      for await (const event of engine.runs.events(id)) return event;
      return undefined;
    })();
    for (let n = 0; n < 20; n++) await new Promise(setImmediate); // it has read all there is, and waits
    await engine.close();
    expect(await read).toBeUndefined();
  });
});

it('an engine that cannot be opened leaves nobody who waits for a time', async () => {
  const directory = testDirectory('engine');
  const store = await openSqliteStore(directory);
  onTestFinished(() => store.close());
  const problem = new OptioError('store-failed', 'disk I/O error');
  vi.spyOn(store.reserve, 'restore').mockResolvedValue(false);
  vi.spyOn(store.launchBlocks, 'list').mockRejectedValue(problem);
  const clock = new TestClock('2026-11-24T10:00:00.000Z');
  const directories = { data: directory, workspaces: `${directory}/workspaces` };
  const opened = Engine.open({ store, host: new LocalHost(), directories, env: {}, trace: undefined, clock });
  await expect(opened).rejects.toBe(problem);
  expect(clock.waiting).toBe(0);
});
