import { describe, expect, it, vi } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { Item } from '../../src/contract/item.ts';
import type { TokenUsage } from '../../src/contract/usage.ts';
import type { Task } from '../../src/task/task.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { stuck } from '../support/tasks.ts';

const usage: TokenUsage = { total: 9, input: 5, cached: 1, output: 4, reasoning: 2 };
const session: RunEventBody = {
  type: 'session.started',
  threadId: 'thread',
  codexVersion: '0.169.0',
  model: 'scripted',
  login: 'none',
  isResumed: false,
  workspace: { path: '/srv/here', kind: 'fresh' },
  sandbox: {
    mode: 'workspace-write',
    isolation: 'standard',
    profile: 'locked',
    network: false,
    approvalPolicy: 'never',
  },
};
const says = (turnId: string, text: string): RunEventBody => {
  return { type: 'item.completed', turnId, item: { kind: 'agentMessage', id: `says ${text}`, text } };
};
const asked = (turnId: string): RunEventBody => {
  const id = `asked ${turnId}`;
  const item: Item = { kind: 'userMessage', id, text: 'Go.', images: [], messageId: turnId };
  return { type: 'item.completed', turnId, item };
};
/** A turn that has ended, and one that hangs after it has said something. */
const story: RunEventBody[] = [
  session,
  asked('one'),
  says('one', 'the first answer'),
  { type: 'usage.updated', turnId: 'one', total: usage, last: usage },
  { type: 'turn.ended', turnId: 'one', status: 'completed' },
  asked('two'),
  says('two', 'half of the second'),
];
const told = {
  status: 'failed',
  text: 'half of the second',
  usage,
  turns: 1,
  threadId: 'thread',
  error: { code: 'aborted', remedy: expect.stringContaining('/srv/here') },
};

describe('a run that does not stop in time', () => {
  it('is ended by force outside of our process, and has failed only then', async () => {
    const { engine, store, directory } = await openEngine();
    const states: unknown[] = [];
    const task = stuck('task', {
      graceMs: 1,
      letGo: async ({ runId, directories }) => {
        states.push((await store.runs.find(runId))?.state, directories.run);
      },
    });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
    expect(states).toEqual(['cancelling', `${directory}/runs/${id}`]);
  });

  it('is let go all the same when that fails', async () => {
    const { engine } = await openEngine();
    const letGo = vi.fn(() => Promise.reject(new Error('it cannot be ended')));
    const task = stuck('task', { graceMs: 1, letGo });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed' });
    expect(letGo).toHaveBeenCalledOnce();
  });

  it('has an outcome with all that its journal says of it, and with the place of its work', async () => {
    const { engine } = await openEngine();
    const task = stuck('task', { graceMs: 1 });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const run = await task.began;
    for (const event of story) run.emit(event);
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject(told);
  });

  it('has it also when nobody had taken it up in that time', async () => {
    const first = await openEngine();
    const task = stuck('task');
    await first.engine.tasks.define(task);
    const { id } = await first.engine.launch('task');
    const run = await task.began;
    for (const event of story) run.emit(event);
    await run.written();
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      await engine.controls.cancel(id, 'enough');
      await vi.advanceTimersByTimeAsync(5_000);
    } finally {
      vi.useRealTimers();
    }
    expect(await engine.runs.outcome(id)).toMatchObject(told);
  });

  it('does not touch the next run of its task, whatever its body still does (D1.2)', async () => {
    const { engine, store } = await openEngine();
    const late = Promise.withResolvers<void>();
    const bodies: Promise<unknown>[] = [];
    const second = Promise.withResolvers<void>();
    const execute: Task['execute'] = async (context) => {
      if (bodies.length > 0) {
        await second.promise;
        return done('the second');
      }
      const body = late.promise.then(async () => {
        context.emit({ type: 'notice', level: 'info', message: 'a late word' });
        await context.saveCheckpoint('late').catch(() => {});
        return done('late');
      });
      bodies.push(body);
      return body;
    };
    await engine.tasks.define(taskOf(execute, { graceMs: 1 }));
    const first = await engine.launch('task');
    await vi.waitFor(() => expect(bodies).toHaveLength(1));
    await engine.controls.cancel(first.id, 'enough');
    await engine.runs.outcome(first.id);

    const { id } = await engine.launch('task');
    await vi.waitFor(async () => expect(await store.runs.find(id)).toMatchObject({ state: 'running' }));
    late.resolve();
    await Promise.all(bodies);
    expect(await store.runs.find(id)).toMatchObject({ state: 'running', cancel: null, checkpoint: null });
    expect(await store.runs.find(first.id)).toMatchObject({ state: 'failed', outcome: { text: '' } });
    second.resolve();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'the second' });
  });
});
