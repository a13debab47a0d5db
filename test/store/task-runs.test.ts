import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RunState } from '../../src/contract/outcome.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';

let store: Store;

beforeEach(async () => {
  store = await openSqliteStore(testDirectory());
  onTestFinished(() => store.close());
  for (const id of ['a', 'b', 'c']) await store.tasks.put({ id, name: id, metadata: {} }, at(0));
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 26, 10, minute)).toISOString();

async function addRun(taskId: string, id: string, minute: number, state: RunState): Promise<void> {
  await store.runs.add({ id, taskId, createdAt: at(minute) });
  const { claim } = await store.runs.claim(id);
  await store.journal.append({ runId: id, claim, events: [], change: { state } });
}

describe('the runs of tasks', () => {
  it('are counted while they have not ended, and the last one is the one that was launched last', async () => {
    await addRun('a', 'run-1', 3, 'done');
    await addRun('a', 'run-2', 1, 'running');
    await addRun('a', 'run-3', 2, 'scheduled');
    await addRun('b', 'run-4', 1, 'failed');
    expect(await store.tasks.runs()).toEqual([
      { taskId: 'a', active: 2, last: { id: 'run-1', state: 'done', createdAt: at(3) } },
      { taskId: 'b', active: 0, last: { id: 'run-4', state: 'failed', createdAt: at(1) } },
    ]);
    expect(await store.tasks.runs('b')).toMatchObject([{ taskId: 'b' }]);
    expect(await store.tasks.runs('c')).toEqual([]);
  });

  it('of what is no task are none', async () => {
    await addRun('run', 'run-1', 1, 'running');
    expect(await store.tasks.runs()).toEqual([]);
    expect(await store.tasks.runs('run')).toEqual([]);
  });
});
