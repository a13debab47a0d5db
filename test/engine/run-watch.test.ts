import { describe, expect, it, vi } from 'vitest';
import type { RunSummary } from '../../src/contract/run-summary.ts';
import type { RunUpdate } from '../../src/contract/run-update.ts';
import { RunFeed } from '../../src/engine/run-feed.ts';
import { RunWatch, type WatchedRuns } from '../../src/engine/run-watch.ts';
import { openEngine } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { requestOf } from '../support/listed-runs.ts';
import { until } from '../support/processes.ts';
import { puppets } from '../support/puppets.ts';
import { Watched } from '../support/watched.ts';

async function open(options: Parameters<typeof openEngine>[0] = {}) {
  const { engine, store } = await openEngine(options);
  const { task, runs } = puppets();
  await engine.tasks.define(task);
  const launch = async () => {
    const { id } = await engine.launch('puppet');
    await until(() => runs.has(id), 'its begin');
    return { id, puppet: runs.get(id) as NonNullable<ReturnType<typeof runs.get>> };
  };
  return { engine, store, launch };
}

const of = <T extends RunUpdate['type']>(watched: Watched, type: T) =>
  watched.updates.filter((update) => update.type === type) as Extract<RunUpdate, { type: T }>[];

describe('a watched list of runs', () => {
  it('begins with what there is, and tells what is different after that', async () => {
    const { engine, launch } = await open();
    const { id, puppet } = await launch();
    const watched = new Watched(engine);
    await until(() => watched.isTrue(), 'the list');
    expect(watched.updates).toMatchObject([{ type: 'snapshot', runs: [{ id, state: 'running' }], isPartial: false }]);
    puppet.context.progress(50, 'half');
    await until(() => watched.list.runs.get(id)?.digest.progress !== null, 'the progress');
    const progress = { percent: 50, message: 'half' };
    expect(watched.updates.slice(1)).toEqual([
      { type: 'changed', id, change: { digest: expect.objectContaining({ progress }) } },
    ]);
    puppet.end();
    await engine.runs.outcome(id);
    await until(() => watched.isTrue(), 'the list');
    expect(watched.list.runs.get(id)).toMatchObject({ state: 'done', digest: { progress, activity: null } });
    await watched.stop();
  });

  it.each([{}, { isWaiting: true }])('tells of a request each time it opens, with the filter %j', async (filter) => {
    const { engine, launch } = await open();
    const { id, puppet } = await launch();
    const watched = new Watched(engine, filter);
    await until(() => watched.updates.length === 1, 'the list');
    for (const round of [1, 2]) {
      const withdrawn = new AbortController();
      puppet.context.ask(requestOf('q'), withdrawn.signal).catch(() => {});
      await until(() => watched.list.requests.size === 1, 'the request');
      expect(watched.list.runs.get(id)).toMatchObject({ openRequests: 1 });
      withdrawn.abort();
      const isOver = () => watched.list.requests.size === 0 && watched.list.runs.get(id)?.openRequests !== 1;
      await until(isOver, 'its end');
      expect([of(watched, 'requestOpened').length, of(watched, 'requestClosed').length]).toEqual([round, round]);
      expect(watched.list.runs.size).toBe('isWaiting' in filter ? 0 : 1);
    }
    await watched.stop();
  });

  it('tells what keeps a run from getting on, and that nothing does any more', async () => {
    const before = await openEngine({ limits: { total: 0 } });
    const { task } = puppets();
    await before.engine.tasks.define(task);
    const { id } = await before.engine.launch('puppet');
    await before.die();
    const { engine } = await openEngine({ directory: before.directory, limits: { total: 0 } });
    const watched = new Watched(engine);
    await until(() => typeof watched.list.runs.get(id)?.problem === 'string', 'the problem');
    await engine.tasks.define(task);
    await until(() => watched.list.runs.get(id)?.problem === null, 'the end of it');
    expect(of(watched, 'changed')).toEqual([{ type: 'changed', id, change: { problem: null } }]);
    await watched.stop();
  });

  it('gives a reader who was slow what is there by then, in few words', async () => {
    const { engine, launch } = await open();
    const { id, puppet } = await launch();
    const watched = new Watched(engine);
    await until(() => watched.isTrue(), 'the list');
    watched.halt();
    puppet.context.emit({ type: 'progress', percent: 0, message: 'the last that was asked for' });
    await until(() => watched.updates.length === 2, 'what he had asked for');
    for (let percent = 1; percent <= 50; percent++) {
      puppet.context.emit({ type: 'progress', percent, message: null });
      await puppet.context.written();
    }
    watched.goOn();
    await until(() => watched.isTrue(), 'the list');
    expect(watched.updates).toHaveLength(3);
    expect(watched.updates[2]).toMatchObject({ id, change: { digest: { progress: { percent: 50 } } } });
    await watched.stop();
  });

  it('is over at once for whoever leaves, also while he waits, and costs nothing from then on', async () => {
    const { engine, store, launch } = await open();
    const reader = engine.lists.watch({})[Symbol.asyncIterator]();
    expect((await engine.stats()).watchers, 'nobody has read by now').toBe(0);
    await reader.next();
    expect((await engine.stats()).watchers).toBe(1);
    const waiting = reader.next();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect((await engine.stats()).watchers).toBe(0);
    const looks = vi.spyOn(store.runs, 'entries');
    await launch();
    expect(looks).not.toHaveBeenCalled();
  });

  it('is over when the engine is closed, and for whoever comes after that', async () => {
    const { engine } = await open();
    const watched = new Watched(engine);
    await until(() => watched.updates.length === 1, 'the list');
    await engine.close();
    await watched.ended;
    for await (const update of engine.lists.watch({})) throw new Error(`there is nothing to tell: ${update.type}`);
  });

  it('refuses a filter that is none', async () => {
    const { engine } = await open();
    const failure = await failureOf(new Watched(engine, { states: ['lost'] } as never).ended);
    expect(failure).toMatchObject({ code: 'invalid-input', details: { field: 'states.0' } });
    expect((await engine.stats()).watchers).toBe(0);
  });

  it('has all that have not ended and the newest of the others, and says that it is not all', async () => {
    const { engine, store } = await open({ limits: { total: 0 } });
    const waiting = await engine.launch('puppet');
    const endedAt = (n: number) => new Date(Date.UTC(2026, 10, 24) + n).toISOString();
    const end = async (n: number) => {
      await store.runs.add({ id: `run-${n}`, taskId: 'nightly' });
      const change = { state: 'done', endedAt: endedAt(n) } as const;
      await store.journal.append({ runId: `run-${n}`, claim: 0, events: [], change });
    };
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => end(n)));
    const { runs, isPartial } = await engine.lists.snapshot({});
    expect([runs.length, runs[0]?.id, runs[1]?.id, runs.at(-1)?.id, isPartial]).toEqual([
      ...[2_000, waiting.id, 'run-1999', 'run-1', true],
    ]);
    await store.runs.remove('run-0');
    expect(await engine.lists.snapshot({})).toMatchObject({ isPartial: false });
    expect(await engine.lists.snapshot({ states: ['scheduled'] })).toMatchObject({ runs: [{}], isPartial: false });
    expect(await engine.lists.snapshot({ states: ['done'], search: 'run-7' })).toMatchObject({ isPartial: false });
  });
});

describe('a watch', () => {
  it('tells of a run what it is when its turn comes, and not what it was when others were looked up with it', async () => {
    const [feed, names] = [
      new RunFeed(),
      new Map([
        ['run-1', 'one'],
        ['run-2', 'two'],
      ]),
    ];
    const listed = (ids: readonly string[]) => ids.map((id) => ({ id, name: names.get(id) }) as RunSummary);
    const watch = new RunWatch(
      {
        snapshot: async () => ({ runs: [], requests: [], isPartial: false }),
        among: async (ids) => ({ runs: listed(ids), requests: [] }),
        digestOf: () => undefined,
      },
      feed,
      {},
    );
    const updates = watch.updates();
    await updates.next();
    for (const id of names.keys()) feed.tell(id, 'run');
    expect((await updates.next()).value).toMatchObject({ run: { name: 'one' } });
    names.set('run-2', 'another');
    feed.tell('run-2', 'run');
    expect((await updates.next()).value).toMatchObject({ run: { name: 'another' } });
    const over = updates.next();
    watch.stop();
    expect(await over, 'and not once more').toEqual({ done: true, value: undefined });
  });

  /** Runs that count how often they are looked at. */
  function countingRuns(): WatchedRuns & { looks: number } {
    const runs = {
      looks: 0,
      snapshot: async () => ({ runs: [], requests: [], isPartial: false }),
      among: async () => {
        runs.looks++;
        return { runs: [], requests: [] };
      },
      digestOf: () => undefined,
    };
    return runs;
  }

  it('looks at what has changed ten times a second at most, however often it changes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const [feed, runs] = [new RunFeed(), countingRuns()];
      const watch = new RunWatch(runs, feed, {});
      const updates = watch.updates();
      await updates.next();
      const over = updates.next();
      for (let ms = 0; ms < 1_000; ms++) {
        feed.tell('run-1', 'run');
        await vi.advanceTimersByTimeAsync(1);
      }
      expect(runs.looks).toBeGreaterThan(8);
      expect(runs.looks).toBeLessThanOrEqual(11);
      watch.stop();
      expect((await over).done).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
