import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sessionMark } from '../../../src/codex/launch.ts';
import type { ProcessMark } from '../../../src/hosts/host.ts';
import { sweepMarked } from '../../../src/hosts/stop.ts';
import { createCodexTask } from '../../../src/session/task.ts';
import type { RunRecord } from '../../../src/store/store.ts';
import type { RunContext } from '../../../src/task/context.ts';
import type { Task } from '../../../src/task/task.ts';
import { hang, shell } from '../../../src/testing/index.ts';
import { type CodexEngine, openCodexEngine } from '../../support/codex-engine.ts';
import { taskOf } from '../../support/engine.ts';
import { codexOf, countMarked, freeze, until } from '../../support/processes.ts';

interface Family extends CodexEngine {
  readonly parentId: string;
  readonly mark: ProcessMark;
  /** The parent and its child, as they are written down. */
  runs(): Promise<readonly [parent: RunRecord, child: RunRecord]>;
}

/** A parent that is only a function, with a child whose codex was stopped in the middle of a command. */
async function frozenFamily(more: Pick<Task, 'graceMs'> = {}): Promise<Family> {
  const place = await openCodexEngine({
    script: ({ outputs }) => [outputs.length === 0 ? shell('sleep 600') : hang()],
  });
  const { engine, store, model, data } = place;
  const child = createCodexTask({
    id: 'child',
    name: 'Child',
    config: {
      instructions: 'Go.',
      autoStart: true,
      endRule: 'firstTurn',
      workspace: { fresh: true },
      provider: { baseUrl: model.url },
      model: 'scripted',
    },
  });
  await engine.tasks.define(taskOf((context: RunContext) => context.runChild(child), { id: 'parent', ...more }));
  const { id: parentId } = await engine.launch('parent');
  const childOf = async () => (await store.runs.list({ parentId }))[0];
  await until(async () => (await childOf()) !== undefined, 'the child');
  const { id } = (await childOf()) as RunRecord;
  const mark = sessionMark(id, join(data, 'runs', id, 'codex'));
  onTestFinished(async () => void (await sweepMarked(mark)));
  for await (const event of engine.runs.events(id)) {
    if (event.type === 'item.started' && event.item.kind === 'command') break;
  }
  await until(() => countMarked(mark) > 1, 'the command');
  await freeze(codexOf(mark));
  const runs = async () =>
    [(await engine.runs.find(parentId)) as RunRecord, (await engine.runs.find(id)) as RunRecord] as const;
  return { ...place, parentId, mark, runs };
}

describe('the order to stop a parent whose child has a codex that is stopped', () => {
  it('ends both in the time that the child has, the parent last, and leaves no process of either', async () => {
    const { engine, parentId, mark, runs } = await frozenFamily();
    await engine.controls.cancel(parentId, 'enough');
    expect(await engine.runs.outcome(parentId)).toMatchObject({ status: 'cancelled' });
    expect(countMarked(mark)).toBe(0);
    const [parent, child] = await runs();
    expect(child).toMatchObject({ state: 'cancelled', cancel: { reason: 'enough', from: 'parent' } });
    expect(child.cancel?.graceMs, 'not the 5 s of the parent').toBe(240_000);
    expect(child.cancel?.deadline).toBe(parent.cancel?.deadline);
    const ends = [child.endedAt, parent.endedAt, parent.cancel?.deadline];
    expect(ends, 'the child, the parent, the deadline').toEqual(ends.toSorted());
  });

  it('lets both go when their time is over, with all that they have', async () => {
    const { engine, parentId, mark, runs } = await frozenFamily({ graceMs: 1 });
    await engine.controls.cancel(parentId, 'enough');
    expect(await engine.runs.outcome(parentId)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
    expect(countMarked(mark)).toBe(0);
    const [parent, child] = await runs();
    expect(child).toMatchObject({ state: 'failed', cancel: { from: 'parent', graceMs: 1 } });
    const remedy = expect.stringContaining('/workspaces/');
    expect(child.outcome, 'what its journal knows').toMatchObject({ threadId: expect.any(String), error: { remedy } });
    expect((child.endedAt ?? '') <= (parent.endedAt ?? '')).toBe(true);
  });
});
