import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { toRunHandle } from '../../src/engine/run-handle.ts';
import { OptioError } from '../../src/errors.ts';
import type { RunContext } from '../../src/task/context.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient, quick } from '../support/tasks.ts';

const tables = [
  ...(['runs', 'run_tags', 'journal', 'requests', 'messages', 'workspaces', 'blob_uses', 'archived_trees'] as const),
];

describe('a run that is removed', () => {
  it('is gone at once with all that it has begun and left behind, and nothing else is', async () => {
    const { engine, store, directory } = await openEngine();
    await engine.tasks.define(taskOf((context) => context.runChild(quick('child')), { metadata: { team: 'red' } }));
    await engine.tasks.define(quick('kept'));
    const { id } = await engine.launch('task');
    const kept = await engine.launch('kept', { metadata: { team: 'red' } });
    await Promise.all([engine.runs.outcome(id), engine.runs.outcome(kept.id)]);
    const [child] = await engine.runs.list({ parentId: id });
    const blob = await store.blobs.put(id, Buffer.from('of this run'));
    const own = join(directory, 'runs', id);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'left'), 'behind');

    const handle = toRunHandle(engine, id);
    await handle.remove();
    expect((await engine.runs.list()).map((run) => run.id)).toEqual([kept.id]);
    expect((await engine.runs.list({ metadata: { team: 'red' } })).map((run) => run.id)).toEqual([kept.id]);
    for (const run of [id, child?.id ?? '']) expect(await store.journal.read(run, 0)).toEqual([]);
    expect(existsSync(own)).toBe(false);
    expect((await failureOf(store.blobs.read(blob))).code).toBe('not-found');
    for (const act of [handle.details(), engine.removeRun(id), engine.runs.outcome(id), engine.retry(id)]) {
      expect((await failureOf(act)).code).toBe('not-found');
    }
    expect(await handle.outcome, 'of one who had it before').toMatchObject({ status: 'done' });
  });

  it('stays as long as a login that lies in its directory cannot be saved', async () => {
    const refusals = [new OptioError('store-full', 'there is no space left')];
    const asked: string[] = [];
    const { engine, directory } = await openEngine({
      saveLeftLogin: async (runId) => {
        asked.push(runId);
        const refusal = refusals.shift();
        if (refusal) throw refusal;
      },
    });
    await engine.tasks.define(quick('task'));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const own = join(directory, 'runs', id);
    mkdirSync(own, { recursive: true });
    expect((await failureOf(engine.removeRun(id))).code).toBe('store-full');
    expect(existsSync(own)).toBe(true);
    await engine.removeRun(id);
    expect([existsSync(own), asked]).toEqual([false, [id, id]]);
  });

  it('leaves no row in any table', async () => {
    const { engine, store, directory, die } = await openEngine();
    const execute = async (context: RunContext) => {
      context.emit({ type: 'message.sent', messageId: 'm', text: 'Hi', images: [], steer: false });
      await context.takeDirectory('/somewhere', { isShared: true });
      await context.ask(
        {
          kind: 'command',
          id: 'q',
          threadId: 't',
          turnId: null,
          itemId: null,
          sandboxed: 'yes',
          command: 'ls',
          cwd: '/',
        },
        new AbortController().signal,
      );
      return done();
    };
    await engine.tasks.define(taskOf(execute, { metadata: { team: 'red' } }));
    const { id } = await engine.launch('task');
    const asked = (async () => {
      for await (const event of engine.runs.events(id)) if (event.type === 'request.opened') return;
    })();
    await asked;
    await engine.controls.answer(id, 'q', { kind: 'decision', behavior: 'deny' }, 'ada');
    await engine.runs.outcome(id);
    await store.blobs.put(id, Buffer.from('of this run'));
    await engine.archive.add(id);
    await engine.removeRun(id);
    await engine.close();
    await die();
    const database = new DatabaseSync(join(directory, 'optio.db'));
    for (const table of tables) expect([table, database.prepare(`select * from ${table}`).all()]).toEqual([table, []]);
    database.close();
  });

  it('has ended, with all that it has begun; until then it stays as it is', async () => {
    const { engine } = await openEngine();
    const child = patient('child');
    await engine.tasks.define(taskOf((context) => context.runChild(child), { canRecover: true }));
    const { id } = await engine.launch('task');
    await child.began;
    expect(await failureOf(engine.removeRun(id))).toMatchObject({ code: 'run-busy', remedy: expect.any(String) });
    expect(await engine.runs.find(id)).toMatchObject({ state: 'running', expiresAt: null });
    await engine.controls.cancel(id, 'enough');
    await engine.runs.outcome(id);
    await engine.removeRun(id);
    expect(await engine.runs.list()).toEqual([]);
  });

  it('was begun by no other run: one that was goes with that', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf((context) => context.runChild(quick('child'))));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const [child] = await engine.runs.list({ parentId: id });
    const refused = await failureOf(engine.removeRun(child?.id ?? ''));
    expect(refused).toMatchObject({ code: 'invalid-input', remedy: expect.stringContaining(id) });
    expect(await engine.runs.list()).toHaveLength(2);
  });

  it('is removed once when two remove it at the same instant', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(quick('task'));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const remove = vi.spyOn(store.runs, 'remove');
    const both = await Promise.allSettled([engine.removeRun(id), engine.removeRun(id)]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it('comes to its end for whoever reads it just then, without a gap', async () => {
    const { engine } = await openEngine();
    const COUNT = 9_000;
    const execute = async (context: RunContext) => {
      for (let n = 0; n < COUNT; n++) context.emit({ type: 'notice', level: 'info', message: `${n}` });
      return done();
    };
    await engine.tasks.define(taskOf(execute));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const reader = engine.runs.events(id)[Symbol.asyncIterator]();
    const seen: RunEvent[] = [(await reader.next()).value];
    const removed = engine.removeRun(id);
    for (let next = await reader.next(); !next.done; next = await reader.next()) seen.push(next.value);
    await removed;
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
    expect(seen.length).toBeLessThan(COUNT);
    for await (const event of engine.runs.events(id)) throw new Error(`there is still an event ${event.seq}`);
  });

  it('goes later where something of it cannot be removed now', async () => {
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const { engine, directory } = await openEngine({ clock });
    await engine.tasks.define(quick('task'));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    mkdirSync(join(directory, 'runs'), { recursive: true });
    writeFileSync(join(directory, 'runs', id), 'no directory');
    await failureOf(engine.removeRun(id));
    expect(await engine.runs.find(id)).toMatchObject({ expiresAt: '2026-03-01T00:00:00.000Z' });
    rmSync(join(directory, 'runs', id));
    clock.pass(60_000);
    await expect.poll(() => engine.runs.list()).toEqual([]);
  });
});
