import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';

async function eventsOf(engine: Engine, runId: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of engine.runs.events(runId)) events.push(event);
  return events;
}

const typesOf = (events: RunEvent[]) => events.map((event) => (event.type === 'run.state' ? event.state : event.type));

describe('after the death of the process', () => {
  it('a run that waited begins in the next one, once its task is defined', async () => {
    const first = await openEngine({ limits: { total: 0 } });
    await first.engine.tasks.define(taskOf(async () => done()));
    const { id } = await first.engine.launch('task', { params: 'kept' });
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    expect(await engine.runs.find(id)).toMatchObject({ state: 'scheduled' });
    await engine.tasks.define(taskOf(async (context) => done(String(context.params))));
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'kept' });
  });

  it('a run goes on from its checkpoint where its task can, under a new claim, in the same journal', async () => {
    const first = await openEngine();
    const saved = Promise.withResolvers<void>();
    await first.engine.tasks.define(
      taskOf(async (context) => {
        await context.saveCheckpoint({ step: 1 });
        saved.resolve();
        return new Promise(() => {});
      }),
    );
    const { id } = await first.engine.launch('task');
    await saved.promise;
    await first.die();

    const { engine, store } = await openEngine({ directory: first.directory });
    await engine.tasks.define(
      taskOf(async (context) => done(JSON.stringify(context.checkpoint)), { canRecover: true }),
    );
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: '{"step":1}' });
    expect(await store.runs.find(id)).toMatchObject({ claim: 2, attempt: 1 });
    expect(typesOf(await eventsOf(engine, id))).toEqual(['starting', 'running', 'run.ended']);
  });

  it('a run of a task that cannot has failed, and says so', async () => {
    const first = await openEngine();
    const began = Promise.withResolvers<void>();
    await first.engine.tasks.define(
      taskOf(async () => {
        began.resolve();
        return new Promise(() => {});
      }),
    );
    const { id } = await first.engine.launch('task');
    await began.promise;
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    let times = 0;
    await engine.tasks.define(
      taskOf(async () => {
        times++;
        return done();
      }),
    );
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
    expect(times).toBe(0);
  });

  it('a run that was being cancelled is told so again', async () => {
    const first = await openEngine();
    const began = Promise.withResolvers<void>();
    await first.engine.tasks.define(
      taskOf(
        async () => {
          began.resolve();
          return new Promise(() => {});
        },
        { graceMs: 60_000 },
      ),
    );
    const { id } = await first.engine.launch('task');
    await began.promise;
    await first.engine.controls.cancel(id, 'enough');
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    await engine.tasks.define(
      taskOf(
        async (context) => {
          await told(context.signal);
          return { ...done(), status: 'cancelled' };
        },
        { canRecover: true },
      ),
    );
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
  });

  it('a task that is plain data is made again by itself', async () => {
    const first = await openEngine({ limits: { total: 0 } });
    await first.engine.tasks.define(taskOf(async () => done(), { definition: { say: 'hello' } }));
    const { id } = await first.engine.launch('task');
    await first.die();

    const revive = (definition: unknown) => taskOf(async () => done((definition as { say: string }).say));
    const { engine } = await openEngine({ directory: first.directory, revive });
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'hello' });
  });
});
