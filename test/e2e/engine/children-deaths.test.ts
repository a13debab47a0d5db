import { expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import type { Store } from '../../../src/store/store.ts';
import type { RunContext } from '../../../src/task/context.ts';
import type { Task } from '../../../src/task/task.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { done, openEngine, taskOf } from '../../support/engine.ts';

type When = 'before' | 'after';

/** A parent with a child, a group beside each other, and a child of a child. */
function tasks(): Task[] {
  const recovers = { canRecover: true };
  const leaf = (id: string) => taskOf(async () => done(id), { id, ...recovers });
  const middle = taskOf(async (context) => context.runChild(leaf('deep')), { id: 'middle', ...recovers });
  const parent = async (context: RunContext) => {
    const first = await context.runChild(leaf('first'));
    const group = await context.runChildren([{ task: leaf('a') }, { task: leaf('b') }, { task: middle }]);
    return done([first, ...group].map(({ text }) => text).join());
  };
  return [taskOf(parent, { id: 'parent', ...recovers })];
}

/** A store in a process that dies at this write: from then on nothing is written, and nobody hears of anything. */
function mortal(store: Store, at: number, when: When): { store: Store; died: Promise<void>; writes: () => number } {
  const died = Promise.withResolvers<void>();
  let writes = 0;
  const deadly = <A extends unknown[], R>(write: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      const mine = ++writes;
      if (mine === at && when === 'after') await write(...args);
      if (mine >= at) {
        died.resolve();
        return new Promise<never>(() => {});
      }
      return write(...args);
    };
  };
  const { runs, journal } = store;
  const mortalRuns = replacing(runs, { add: deadly(runs.add.bind(runs)), claim: deadly(runs.claim.bind(runs)) });
  const mortalJournal = replacing(journal, { append: deadly(journal.append.bind(journal)) });
  return { store: { ...store, runs: mortalRuns, journal: mortalJournal }, died: died.promise, writes: () => writes };
}

/** An object with some of its methods in other hands. */
function replacing<T extends object>(whole: T, others: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      const value = Reflect.get(Object.hasOwn(others, name) ? others : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Lives until that write, and once more to the end. Gives how often was written when nobody died. */
async function live(at: number, when: When): Promise<{ writes: number; isOver: boolean }> {
  const directory = await dataDirectory('deaths');
  const directories = { data: directory, workspaces: `${directory}/workspaces` };
  const first = await openSqliteStore(directory);
  const { store, died, writes } = mortal(first, at, when);
  const engine = await Engine.open({ store, host: new LocalHost(), directories, env: {}, trace: undefined });
  for (const task of tasks()) await engine.tasks.define(task);
  const ended = engine.launch('parent').then(({ id }) => engine.runs.outcome(id));
  await Promise.race([died, ended]);
  await first.close();

  const second = await openEngine({ directory });
  for (const task of tasks()) await second.engine.tasks.define(task);
  const [root] = await second.store.runs.list();
  const isOver = root?.state === 'done';
  if (root) {
    expect(await second.engine.runs.outcome(root.id), `${when} write ${at}`).toMatchObject({ text: 'first,a,b,deep' });
    const all = await second.store.runs.list({ rootId: root.id });
    const seen = all.map(({ taskId, state }) => `${taskId} ${state}`).sort();
    expect(seen, `${when} write ${at}`).toEqual(
      ['a', 'b', 'deep', 'first', 'middle', 'parent'].map((id) => `${id} done`),
    );
  }
  await second.engine.close();
  await second.store.close();
  return { writes: writes(), isOver };
}

it('a family of runs ends as if nothing had happened, at whichever write its process dies', async () => {
  const { writes, isOver } = await live(Number.POSITIVE_INFINITY, 'before');
  expect(isOver).toBe(true);
  expect(writes).toBeGreaterThan(20);
  for (let at = 1; at <= writes; at++) for (const when of ['before', 'after'] as const) await live(at, when);
});
