import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { RunContext } from '../../../src/task/context.ts';
import type { Orders } from '../../fakes/keyed-worker.ts';
import type { Cut } from '../../support/cut-statement.ts';
import { testDirectory } from '../../support/directories.ts';
import { done, openEngine, taskOf } from '../../support/engine.ts';
import { fakePath } from '../../support/fakes.ts';
import { until } from '../../support/processes.ts';
import { quick } from '../../support/tasks.ts';

/** Resolves when a process with these orders has died as it was to. */
async function dieAt(orders: Orders): Promise<void> {
  const child = spawn(process.execPath, [fakePath('keyed-worker.ts'), JSON.stringify(orders)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [, signal]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(signal, stderr).toBe('SIGKILL');
}

const named = (cuts: Cut[]) => cuts.map((cut) => [`${cut.when} ${cut.sql} ${cut.nth ?? 1}`, cut] as const);

describe('a launch with an idempotency key whose process is killed', () => {
  it.each(
    named([
      { sql: 'insert into "run_tags"', when: 'after' },
      { sql: 'commit', when: 'before' },
      { sql: 'commit', when: 'after' },
    ]),
  )('%s has made one run, whole, when it is asked for again', async (_, dies) => {
    const directory = testDirectory('engine');
    const launch = { taskId: 'task', idempotencyKey: 'k' };
    await dieAt({ directory, launch, dies });
    const { engine } = await openEngine({ directory, limits: { total: 0 } });
    const left = await engine.runs.list();
    expect(left).toHaveLength(dies.sql === 'commit' && dies.when === 'after' ? 1 : 0);
    await engine.tasks.define(quick('task'));
    const { id } = await engine.launch('task', { idempotencyKey: 'k', metadata: {} }).catch(() => ({ id: 'refused' }));
    expect(id === 'refused', 'something else is refused where there is a run').toBe(left.length === 1);
    if (left.length === 0) return;
    const again = await engine.launch('task', { idempotencyKey: 'k' });
    expect(again.id).toBe(left[0]?.id);
    expect((await engine.runs.list({ metadata: { team: 'red' } })).map((run) => run.id)).toEqual([again.id]);
  });
});

describe('the removal of a run whose process is killed', () => {
  it.each(
    named([
      { sql: 'update "runs" set "expires_at"', when: 'after' },
      { sql: 'commit', when: 'before' },
      { sql: 'commit', when: 'after' },
      { sql: 'delete from "journal"', when: 'after' },
      { sql: 'delete from "runs"', when: 'after' },
      { sql: 'commit', when: 'after', nth: 3 },
      { sql: 'delete from "runs"', when: 'after', nth: 2 },
    ]),
  )('%s has removed nothing, or goes on in the next one', async (_, dies) => {
    const first = await openEngine();
    const execute = async (context: RunContext) => {
      await context.runChild(quick('child'));
      return done();
    };
    await first.engine.tasks.define(taskOf(execute));
    const { id } = await first.engine.launch('task');
    await first.engine.runs.outcome(id);
    const { directory } = first;
    const own = join(directory, 'runs', id);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'left'), 'behind');
    await first.store.blobs.put(id, Buffer.from('of this run'));
    await first.die();
    await dieAt({ directory, remove: id, dies });

    const { engine, store } = await openEngine({ directory });
    const isMarked =
      dies.sql !== 'update "runs" set "expires_at"' && !(dies.sql === 'commit' && dies.when === 'before');
    if (!isMarked) {
      expect(await engine.runs.details(id)).toMatchObject({ state: 'done', expiresAt: null });
      expect(await engine.runs.list()).toHaveLength(2);
      expect((await store.journal.read(id, 0)).at(-1)).toMatchObject({ type: 'run.ended' });
      await engine.removeRun(id);
    }
    await until(async () => (await engine.runs.list()).length === 0, 'the removal');
    expect(existsSync(own)).toBe(false);
  });
});
