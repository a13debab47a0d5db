import { describe, expect, it } from 'vitest';
import { TestClock } from '../support/clock.ts';
import { openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient, quick } from '../support/tasks.ts';

describe('a run in the archive', () => {
  it('is there with all that it has begun, which is still found below it', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf((context) => context.runChild(quick('child'))));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    const [child] = await engine.runs.list({ parentId: id });
    const listed = async (filter: object) => (await engine.lists.page(filter)).runs.map((run) => run.id).sort();
    const both = [id, child?.id].sort();
    expect(await listed({})).toEqual(both);
    await engine.archive.add(id);
    expect(await listed({})).toEqual([]);
    expect(await listed({ isArchived: true })).toEqual(both);
    expect(await listed({ parentId: id })).toEqual([child?.id]);
    expect(await listed({ parentId: id, isArchived: false })).toEqual([]);
    expect(await engine.lists.find(id)).toBe(id);
    const refused = await failureOf(engine.archive.add(child?.id ?? ''));
    expect(refused).toMatchObject({ code: 'invalid-input', remedy: expect.stringContaining(id) });
  });

  it('has ended, with all that it has begun', async () => {
    const { engine } = await openEngine();
    const child = patient('child');
    await engine.tasks.define(taskOf((context) => context.runChild(child)));
    const { id } = await engine.launch('task');
    await child.began;
    expect(await failureOf(engine.archive.add(id))).toMatchObject({ code: 'run-busy', remedy: expect.any(String) });
    expect((await engine.runs.details(id)).archivedAt).toBe(null);
    await engine.controls.cancel(id, 'enough');
    await engine.runs.outcome(id);
    await engine.archive.add(id);
  });

  it('keeps the time at which it came there, over restarts, and expires as any other', async () => {
    const before = await openEngine({ clock: new TestClock('2000-01-01T00:00:00.000Z') });
    await before.engine.tasks.define({ ...quick('task'), ttlMs: 3_600_000 });
    const { id } = await before.engine.launch('task');
    await before.engine.runs.outcome(id);
    await before.engine.archive.add(id);
    await before.engine.close();
    await before.die();
    const clock = new TestClock('2001-01-01T00:00:00.000Z');
    const { engine } = await openEngine({ directory: before.directory, clock });
    await engine.archive.add(id);
    expect((await engine.runs.details(id)).archivedAt).toBe('2000-01-01T00:00:00.000Z');
    clock.set('2100-01-01T00:00:00.000Z');
    await expect.poll(() => engine.runs.list()).toEqual([]);
  });
});
