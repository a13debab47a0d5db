import { expect, it } from 'vitest';
import { statsSchema } from '../../src/contract/stats.ts';
import { done, openEngine } from '../support/engine.ts';
import { requestOf } from '../support/listed-runs.ts';
import { until } from '../support/processes.ts';
import { puppets } from '../support/puppets.ts';
import { quick } from '../support/tasks.ts';

const of = (input: number) => ({ total: input + 2, input, cached: 1, output: 2, reasoning: 1 });

it('the stats count what goes on, from the begin of the process on', async () => {
  const opened = await openEngine();
  const { engine, directory, die } = opened;
  const { task, runs } = puppets('puppet', { canRecover: true });
  await engine.tasks.define(task);
  expect(statsSchema.parse(await engine.stats())).toEqual({
    runs: { scheduled: 0, starting: 0, running: 0, paused: 0, cancelling: 0, done: 0, failed: 0, cancelled: 0 },
    ...{ liveRuns: 0, launched: 0, takenUp: 0, turns: 0, openRequests: 0, oldestRequestMs: 0, answered: 0, events: 0 },
    tokens: { input: 0, cached: 0, output: 0, reasoning: 0 },
    ...{ readers: 0, watchers: 0, problems: 0, blocked: 0 },
  });

  const { id } = await engine.launch('puppet');
  await until(() => runs.has(id), 'its begin');
  const { context } = runs.get(id) as NonNullable<ReturnType<typeof runs.get>>;
  const at = { turnId: 't' };
  context.emit({ type: 'turn.started', ...at });
  context.emit({ type: 'usage.updated', ...at, total: of(10), last: of(10) });
  context.emit({ type: 'usage.updated', ...at, total: of(25), last: of(15) });
  context.emit({ type: 'turn.ended', ...at, status: 'completed' });
  context.emit({ type: 'turn.ended', turnId: 'sub', threadId: 'sub-agent', status: 'completed' });
  const given = [requestOf('a'), requestOf('b')].map((request) => context.ask(request, context.signal));
  await until(async () => (await engine.stats()).openRequests === 2, 'both requests');
  await engine.controls.answer(id, 'request-a', { kind: 'decision', behavior: 'allow' }, 'ada');
  await given[0];
  await context.written();
  await engine.launchOwn({ ...quick('nobody'), definition: {} }).then((other) => engine.runs.outcome(other.id));
  const events = engine.runs.events(id)[Symbol.asyncIterator]();
  await events.next();

  const stats = statsSchema.parse(await engine.stats());
  expect(stats).toMatchObject({
    ...{ launched: 2, takenUp: 0, liveRuns: 1, turns: 1, answered: 1, openRequests: 1, readers: 1, problems: 0 },
    runs: { running: 1, done: 1, scheduled: 0 },
    tokens: { input: 25, cached: 1, output: 2, reasoning: 1 },
  });
  const other = 3; // its two states and its end
  expect(stats.events).toBe(engine.controls.live(id).journal.lastSeq + other);
  await events.return?.();
  expect((await engine.stats()).readers).toBe(0);

  await die();
  const next = await openEngine({ directory });
  expect(await next.engine.stats()).toMatchObject({
    ...{ takenUp: 1, launched: 0, turns: 0, liveRuns: 0, openRequests: 1, problems: 1 },
    tokens: { input: 0 },
  });
  runs.clear();
  await next.engine.tasks.define(task);
  await until(() => runs.has(id), 'its begin again');
  const again = runs.get(id);
  again?.context.emit({ type: 'usage.updated', ...at, total: of(30), last: of(5) });
  await again?.context.written();
  expect(await next.engine.stats(), 'what is new only').toMatchObject({ tokens: { input: 5 }, problems: 0 });
  again?.end(done());
  await next.engine.runs.outcome(id);
});

it('the oldest request is as old as it is by the clock', async () => {
  const { engine, store } = await openEngine();
  await store.runs.add({ id: 'run-1', taskId: 'a' });
  const openedAt = new Date(Date.now() - 3_600_000).toISOString();
  const event = { seq: 1, at: openedAt, type: 'request.opened', request: requestOf('a') } as const;
  await store.journal.append({ runId: 'run-1', claim: 0, events: [event] });
  const { oldestRequestMs } = await engine.stats();
  expect(oldestRequestMs).toBeGreaterThanOrEqual(3_600_000);
  expect(oldestRequestMs).toBeLessThan(7_200_000);
});
