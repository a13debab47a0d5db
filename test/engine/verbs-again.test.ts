import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventType } from '../../src/contract/event.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import { toRunHandle } from '../../src/engine/run-handle.ts';
import type { RunContext } from '../../src/task/context.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';

/** A run that has a session, which ends when it is told that it is over. */
async function served(): Promise<RunHandle> {
  const { engine } = await openEngine();
  const { promise: began, resolve } = Promise.withResolvers<void>();
  const execute = async (context: RunContext) => {
    const over = Promise.withResolvers<void>();
    const none = { requestModelChange() {}, requestEffortChange() {}, interrupt: async () => {} };
    const takeBack = context.serve({ ...none, send: async () => ({ turnId: 't' }), finish: over.resolve });
    resolve();
    await Promise.race([over.promise, told(context.signal)]);
    takeBack();
    return { ...done(), status: context.signal.aborted ? ('cancelled' as const) : ('done' as const) };
  };
  await engine.tasks.define(taskOf(execute));
  const { id } = await engine.launch('task');
  await began;
  return toRunHandle(engine, id);
}

async function eventsOf(handle: RunHandle, type: RunEventType): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of handle.events()) if (event.type === type) events.push(event);
  return events;
}

describe('a verb that is said again, since nobody has heard what became of it', () => {
  it('cancels what is cancelled no more, for the first reason', async () => {
    const handle = await served();
    await Promise.all([handle.cancel('first'), handle.cancel('second')]);
    await handle.outcome;
    await handle.cancel('third');
    expect(await handle.details()).toMatchObject({ state: 'cancelled', cancelReason: 'first' });
    expect(await eventsOf(handle, 'run.ended')).toHaveLength(1);
  });

  it('pauses what is paused, and resumes what runs, without a word in the journal', async () => {
    const handle = await served();
    await handle.pause('first');
    await handle.pause('second');
    expect(await handle.view()).toMatchObject({ state: 'paused', pause: { message: 'first' } });
    await handle.resume();
    await handle.resume();
    await handle.finish();
    await handle.outcome;
    const states = (await eventsOf(handle, 'run.state')).map((event) => 'state' in event && event.state);
    expect(states).toEqual(['starting', 'running', 'paused', 'running']);
  });

  it('finishes what is done, while it comes to its end and after that, and nothing that ended otherwise', async () => {
    const handle = await served();
    await Promise.all([handle.finish(), handle.finish()]);
    await handle.finish();
    expect(await handle.outcome).toMatchObject({ status: 'done' });
    await handle.finish();
    const other = await served();
    await other.cancel();
    await other.outcome;
    expect((await failureOf(other.finish())).code).toBe('conversation-not-ready');
  });

  it('allows the same budget', async () => {
    const handle = await served();
    for (let n = 0; n < 2; n++) await handle.raiseBudget({ turns: 5 });
    expect(await handle.details()).toMatchObject({ budget: { turns: 5 } });
    await handle.finish();
    await handle.outcome;
  });

  it('removes nothing that is not there', async () => {
    const handle = await served();
    await handle.finish();
    await handle.outcome;
    await handle.remove();
    for (const again of [handle.remove(), handle.cancel(), handle.details()]) {
      expect((await failureOf(again)).code).toBe('not-found');
    }
  });
});

describe('an interrupt of a run that has not begun', () => {
  it.each([{}, { turnId: 'of-another-run' }])('is refused, and not kept waiting: %o', async (options) => {
    const { engine } = await openEngine({ limits: { total: 0 } });
    await engine.tasks.define(taskOf(async () => done()));
    const { id } = await engine.launch('task');
    const refused = await failureOf(toRunHandle(engine, id).interrupt(options));
    expect(refused.code).toBe('conversation-not-ready');
  });
});
