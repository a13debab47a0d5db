import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { OptioError } from '../../src/errors.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { watchEscaped } from '../support/escaped.ts';
import { failureOf } from '../support/failure.ts';
import { patient, quick, stuck } from '../support/tasks.ts';
import { untilState } from '../support/turning.ts';

const states = async (engine: Engine) =>
  (await engine.runs.list()).map(({ taskId, state }) => `${taskId} ${state}`).sort();

describe('leaving what is under way to the next process', () => {
  it('tells nobody in a group of children to stop, and begins none of it any more', async () => {
    const { engine } = await openEngine();
    const [one, other] = [patient('one', { canRecover: true }), patient('other', { canRecover: true })];
    const group = Promise.withResolvers<unknown>();
    const parent = taskOf(
      async (context) => {
        const list = [{ task: one }, { task: other }, { task: quick('never') }];
        group.resolve(context.runChildren(list, { maxConcurrency: 2 }));
        await group.promise;
        return done();
      },
      { id: 'parent', canRecover: true },
    );
    await engine.tasks.define(parent);
    await engine.launch('parent');
    await Promise.all([one.began, other.began]);
    await engine.close({ leave: true });
    expect((await failureOf(group.promise)).code).toBe('aborted');
    expect(await states(engine)).toEqual(['one running', 'other running', 'parent running']);
  });

  it('waits for a child that is only being begun, and takes it for no reason to cancel its parent', async () => {
    const { engine, store } = await openEngine();
    const [claiming, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const claim = store.runs.claim.bind(store.runs);
    const leaf = patient('leaf', { canRecover: true });
    const parent = taskOf(
      (context) => {
        vi.spyOn(store.runs, 'claim').mockImplementationOnce(async (runId) => {
          claiming.resolve();
          await go.promise;
          return claim(runId);
        });
        return context.runChild(leaf);
      },
      { id: 'parent', canRecover: true },
    );
    await engine.tasks.define(parent);
    await engine.launch('parent');
    await claiming.promise;
    const closed = engine.close({ leave: true });
    go.resolve();
    await closed;
    expect(await states(engine)).toContain('parent running');
  });

  it('comes to its end also while the store takes nothing', async () => {
    const { engine, store } = await openEngine();
    const asked = Promise.withResolvers<void>();
    vi.spyOn(store.journal, 'append').mockImplementation(async () => {
      asked.resolve();
      throw new OptioError('store-full', 'there is no space');
    });
    await engine.tasks.define(patient('task', { canRecover: true }));
    await engine.launch('task');
    await asked.promise;
    await engine.close({ leave: true });
    expect(await states(engine)).toEqual(['task scheduled']);
  });

  it('is no error of anybody who has cancelled a group of which nobody can work on a run', async () => {
    const first = await openEngine();
    await first.engine.tasks.define(stuck('own', { canRecover: true }));
    const { id } = await first.engine.launch('own', { metadata: { team: 'red' } });
    await untilState(first.engine, id, 'running');
    await first.die();
    const escaped = watchEscaped();
    const { engine } = await openEngine({ directory: first.directory });
    expect(await engine.groups.cancel({ metadata: { team: 'red' } }, { reason: 'enough' })).toEqual([id]);
    await engine.close();
    await new Promise(setImmediate); // by then Node has told of what nobody has caught
    expect(escaped).toEqual([]);
    expect(await states(engine)).toEqual(['own cancelling']);
  });
});
