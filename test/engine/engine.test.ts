import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { LaunchRefused, OptioError } from '../../src/errors.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient } from '../support/tasks.ts';

async function eventsOf(engine: Engine, runId: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of engine.runs.events(runId)) events.push(event);
  return events;
}

const typesOf = (events: RunEvent[]) => events.map((event) => (event.type === 'run.state' ? event.state : event.type));

describe('a run', () => {
  it('goes from scheduled to its end, and its journal tells so', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(
      taskOf(async (context) => {
        context.emit({ type: 'notice', level: 'info', message: `working on ${JSON.stringify(context.params)}` });
        return done('well');
      }),
    );
    const run = await engine.launch('task', { params: { n: 1 }, metadata: { team: 'red' } });
    expect(run.state).toBe('scheduled');
    const events = await eventsOf(engine, run.id);
    expect(typesOf(events)).toEqual(['starting', 'running', 'notice', 'run.ended']);
    expect(events[2]).toMatchObject({ message: 'working on {"n":1}' });
    expect(await engine.runs.outcome(run.id)).toMatchObject({ status: 'done', text: 'well' });
    expect(await store.runs.find(run.id)).toMatchObject({
      state: 'done',
      metadata: { team: 'red' },
      outcome: { text: 'well' },
    });
    expect(await eventsOf(engine, run.id)).toEqual(events);
  });

  it('tells its last progress before its end (D1.4: the original stored 10 of 100)', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(
      taskOf(async (context) => {
        for (let percent = 10; percent <= 100; percent += 10) context.progress(percent, `${percent} of 100`);
        return done();
      }),
    );
    const { id } = await engine.launch('task');
    const events = await eventsOf(engine, id);
    expect(typesOf(events)).toEqual(['starting', 'running', 'progress', 'progress', 'run.ended']);
    expect(events.reduce(applyEvent, createRunView()).progress).toEqual({ percent: 100, message: '100 of 100' });
  });

  it('has failed when its task throws', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(
      taskOf(async () => {
        throw new OptioError('invalid-input', 'no such thing', { remedy: 'Name another.' });
      }),
    );
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid-input', message: 'no such thing', remedy: 'Name another.' },
    });
  });

  it('is tried again as its task says, with the checkpoint of the attempt before', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(
      taskOf(
        async (context) => {
          if (context.attempt === 3) return done(JSON.stringify(context.checkpoint));
          await context.saveCheckpoint({ reached: context.attempt });
          throw new Error(`try ${context.attempt}`);
        },
        { retry: { attempts: 3, backoffMs: 1 } },
      ),
    );
    const { id } = await engine.launch('task');
    const events = await eventsOf(engine, id);
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: '{"reached":2}' });
    expect(typesOf(events).filter((type) => type !== 'notice')).toEqual([
      'starting',
      'running',
      'scheduled',
      'starting',
      'running',
      'scheduled',
      'starting',
      'running',
      'run.ended',
    ]);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(await store.runs.find(id)).toMatchObject({ attempt: 3 });
  });
});

describe('a launch', () => {
  it('is refused for a task that nobody has defined', async () => {
    const { engine } = await openEngine();
    expect(await failureOf(engine.launch('nobody'))).toMatchObject({ code: 'launch-refused', reason: 'not-found' });
  });

  it('is refused while it shuts down', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf(async () => done()));
    const closed = engine.close();
    const refused = await failureOf(engine.launch('task'));
    expect(refused).toBeInstanceOf(LaunchRefused);
    expect(refused).toMatchObject({ reason: 'shutting-down' });
    await closed;
  });

  it('waits for room, or is refused when there is none, as it wants', async () => {
    const { engine } = await openEngine();
    const first = Promise.withResolvers<void>();
    const began: string[] = [];
    await engine.tasks.define(
      taskOf(
        async (context) => {
          began.push(String(context.params));
          if (context.params === 'a') await first.promise;
          return done();
        },
        { maxRunning: 1 },
      ),
    );
    const a = await engine.launch('task', { params: 'a' });
    const b = await engine.launch('task', { params: 'b' });
    expect(await failureOf(engine.launch('task', { whenFull: 'refuse' }))).toMatchObject({ reason: 'at-limit' });
    expect(await engine.runs.find(b.id)).toMatchObject({ state: 'scheduled' });
    first.resolve();
    await Promise.all([engine.runs.outcome(a.id), engine.runs.outcome(b.id)]);
    expect(began).toEqual(['a', 'b']);
  });
});

describe('a cancel', () => {
  it('of a run that waits ends it, and it never runs (D1.1: the original lost it)', async () => {
    const { engine } = await openEngine({ limits: { total: 0 } });
    let hasRun = false;
    await engine.tasks.define(
      taskOf(async () => {
        hasRun = true;
        return done();
      }),
    );
    const { id } = await engine.launch('task');
    await engine.controls.cancel(id, 'not any more');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', error: { message: 'not any more' } });
    expect(typesOf(await eventsOf(engine, id))).toEqual(['run.ended']);
    expect(hasRun).toBe(false);
  });

  it('of a run that is about to begin ends it, whoever comes first', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(
      taskOf(async (context) => {
        await told(context.signal);
        throw context.signal.reason;
      }),
    );
    for (let n = 0; n < 20; n++) {
      const { id } = await engine.launch('task');
      await engine.controls.cancel(id, 'not any more');
      expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
      expect(await store.runs.find(id)).toMatchObject({ state: 'cancelled' });
    }
  });

  it('tells the task, which ends in its own way', async () => {
    const { engine } = await openEngine();
    const running = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(async (context) => {
        running.resolve();
        await told(context.signal);
        context.emit({ type: 'notice', level: 'info', message: 'tidied up' });
        return { ...done(), status: 'cancelled' };
      }),
    );
    const { id } = await engine.launch('task');
    await running.promise;
    await engine.controls.cancel(id, 'enough');
    await engine.controls.cancel(id, 'enough, I said');
    expect(typesOf(await eventsOf(engine, id))).toEqual(['starting', 'running', 'cancelling', 'notice', 'run.ended']);
  });

  it('lets a task go that does not stop in time, and writes nothing of what it tells later (D1.2)', async () => {
    const { engine, store } = await openEngine();
    const late = Promise.withResolvers<void>();
    const told = Promise.withResolvers<void>();
    const running = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(
        async (context) => {
          running.resolve();
          await late.promise;
          context.emit({ type: 'notice', level: 'info', message: 'a late word' });
          await context.written().catch(() => {});
          told.resolve();
          return done('late');
        },
        { graceMs: 1 },
      ),
    );
    const { id } = await engine.launch('task');
    await running.promise;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'aborted' } });
    late.resolve();
    await told.promise;
    expect(typesOf(await eventsOf(engine, id)).at(-1)).toBe('run.ended');
    expect(await store.runs.find(id)).toMatchObject({ state: 'failed', outcome: { text: '' } });
  });

  it('of a run that has ended does nothing, and of one that never was is refused', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf(async () => done('kept')));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    await engine.controls.cancel(id, 'too late');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'kept' });
    expect((await failureOf(engine.controls.cancel('run-nobody', 'x'))).code).toBe('not-found');
  });
});

describe('the journal of a run', () => {
  it.each([Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY])(
    'has nothing after %s, which is no number of an event: that is refused',
    async (after) => {
      const { engine } = await openEngine();
      const task = patient('task');
      await engine.tasks.define(task);
      const { id } = await engine.launch('task');
      await task.began;
      const first = engine.runs.events(id, { after })[Symbol.asyncIterator]().next();
      const refused = Promise.race([
        first,
        engine.controls.cancel(id, 'nothing came').then(() => engine.runs.outcome(id)),
      ]);
      await expect(refused).rejects.toMatchObject({ code: 'invalid-input', details: { field: 'after' } });
    },
  );
});
