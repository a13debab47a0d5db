import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { Task } from '../../src/task/task.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { requestOf } from '../support/listed-runs.ts';
import { until } from '../support/processes.ts';
import { puppets } from '../support/puppets.ts';
import { SESSION_STARTED } from '../support/run-events.ts';
import { quick } from '../support/tasks.ts';

const of = (total: number) => ({ total, input: total - 1, cached: 0, output: 1, reasoning: 0 });
const at = { turnId: 't' };
const TURN: readonly RunEventBody[] = [
  SESSION_STARTED,
  { type: 'turn.started', ...at },
  { type: 'item.started', ...at, item: { kind: 'userMessage', id: 'u', text: 'Go.', images: [], messageId: 'm' } },
  { type: 'item.completed', ...at, item: { kind: 'userMessage', id: 'u', text: 'Go.', images: [], messageId: 'm' } },
  {
    ...{ type: 'item.started', ...at },
    item: { kind: 'command', id: 'c', command: 'npm test', cwd: '/repo', status: 'running', output: '' },
  },
  { type: 'usage.updated', ...at, total: of(30), last: of(10), contextWindow: 100 },
  { type: 'diff.updated', ...at, diff: 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1,2 @@\n-x\n+y\n+z\n' },
];
const COME_TO = {
  ...{ model: 'scripted', effort: null, tokens: 30, contextTokens: 10, contextWindow: 100 },
  diff: { files: 1, added: 2, removed: 1 },
};

async function begin(options: Parameters<typeof openEngine>[0] = {}, more: Partial<Task> = {}) {
  const opened = await openEngine(options);
  const { task, runs } = puppets('puppet', { canRecover: true, ...more });
  await opened.engine.tasks.define(task);
  const { id } = await opened.engine.launch('puppet', { name: 'Tidy up' });
  await until(() => runs.has(id), 'its begin');
  const puppet = runs.get(id) as NonNullable<ReturnType<typeof runs.get>>;
  const tell = async (...events: readonly RunEventBody[]) => {
    for (const event of events) puppet.context.emit(event);
    await puppet.context.written();
  };
  return { ...opened, id, puppet, tell, task };
}

describe('a list', () => {
  it('tells what a run does just now, and what it has come to', async () => {
    const { engine, puppet, tell } = await begin();
    await tell(...TURN);
    const only = async () => (await engine.lists.page({})).runs[0];
    expect(await only()).toMatchObject({
      name: 'Tidy up',
      digest: { ...COME_TO, activity: 'running npm test', turns: 0 },
    });
    const asked = puppet.context.ask(requestOf('q'), puppet.context.signal);
    await until(async () => (await only())?.openRequests === 1, 'the request');
    expect(await only()).toMatchObject({ digest: { activity: 'waiting: approve `git push`' } });
    await engine.controls.answer((await only())?.id ?? '', 'request-q', { kind: 'decision', behavior: 'allow' }, 'ada');
    await asked;
    await puppet.context.written();
    expect(await only()).toMatchObject({ openRequests: 0, digest: { activity: 'running npm test' } });
    await tell({ type: 'turn.ended', ...at, status: 'completed' });
    expect(await only()).toMatchObject({ digest: { activity: null, turns: 1 } });
    await engine.controls.pause((await only())?.id ?? '', 'it is late');
    expect(await only()).toMatchObject({ state: 'paused', digest: { activity: 'paused: it is late' } });
  });

  it('still has that when the run has ended', async () => {
    const { engine, id, puppet, tell } = await begin();
    await tell(...TURN, { type: 'turn.ended', ...at, status: 'completed' });
    puppet.end({ ...done(), usage: of(25), turns: 1 });
    await engine.runs.outcome(id);
    const { runs } = await engine.lists.page({ states: ['done'] });
    let lastEventAt = '';
    for await (const event of engine.runs.past(id)) lastEventAt = event.at;
    expect(runs).toMatchObject([{ id, digest: { ...COME_TO, activity: null, turns: 1, lastEventAt } }]);
  });

  it('still has what there was at the end of the last turn when the process has died, until somebody takes the run up', async () => {
    const { directory, id, tell, die, task } = await begin();
    await tell(...TURN, { type: 'turn.ended', ...at, status: 'completed' });
    await tell({ type: 'usage.updated', ...at, total: of(40), last: of(20) });
    await die();
    const { engine } = await openEngine({ directory });
    const { runs } = await engine.lists.page({});
    expect(runs).toMatchObject([{ id, state: 'running', problem: expect.any(String) }]);
    expect(runs).toMatchObject([{ digest: { ...COME_TO, activity: null, turns: 1 } }]);
    await engine.tasks.define(task);
    const digest = async () => (await engine.lists.page({})).runs[0]?.digest;
    await until(async () => (await digest())?.tokens === 40, 'what its journal says');
    expect(await digest()).toMatchObject({ contextTokens: 20, turns: 1 });
  });

  it('says of a run on which nobody works that it does nothing', async () => {
    const { directory, puppet, tell, die } = await begin();
    await tell(...TURN);
    await puppet.context.saveCheckpoint({}); // with which it is written what it does
    await die();
    const { engine, store } = await openEngine({ directory });
    expect(await store.runs.list()).toMatchObject([{ digest: { activity: 'running npm test' } }]);
    expect((await engine.lists.page({})).runs).toMatchObject([{ digest: { ...COME_TO, activity: null } }]);
  });

  it('has the end of a run that was told to stop while it waited for another attempt', async () => {
    const { engine, id, puppet, tell } = await begin({}, { retry: { attempts: 2, backoffMs: 3_600_000 } });
    await tell(...TURN);
    puppet.end({ ...done(), status: 'failed' });
    const only = async () => (await engine.lists.page({})).runs[0];
    await until(
      async () => (await only())?.attempt === 2 && (await engine.stats()).liveRuns === 0,
      'the end of the attempt',
    );
    await engine.controls.cancel(id, 'enough');
    let lastEventAt = '';
    for await (const event of engine.runs.past(id)) lastEventAt = event.at;
    expect(await only()).toMatchObject({
      state: 'cancelled',
      cancelReason: 'enough',
      digest: { ...COME_TO, lastEventAt },
    });
  });

  it('calls a run as its launch says, else as its task, else by the id of that', async () => {
    const { engine } = await openEngine({ limits: { total: 0 } });
    await engine.tasks.define(taskOf(async () => done(), { id: 'a', name: 'x'.repeat(300) }));
    await engine.tasks.define(quick('b'));
    await engine.launch('b', { name: 'Mine' });
    await engine.launch('b');
    await engine.launch('a');
    await engine.launchOwn(taskOf(async () => done(), { id: 'c', name: '' }));
    const { runs } = await engine.lists.page({ sort: 'createdAt' });
    expect(runs.map(({ name }) => name).sort()).toEqual(['Mine', 'b', 'c', 'x'.repeat(200)].sort());
  });

  it('comes in pages', async () => {
    const { engine } = await openEngine({ limits: { total: 0 } });
    await engine.tasks.define(quick('a'));
    for (const name of ['one', 'two', 'three']) await engine.launch('a', { name });
    const first = await engine.lists.page({ sort: 'name', limit: 2 });
    expect(first.runs.map(({ name }) => name)).toEqual(['one', 'three']);
    const second = await engine.lists.page({ sort: 'name', limit: 2, cursor: first.next ?? '' });
    expect([second.runs.map(({ name }) => name), second.next]).toEqual([['two'], null]);
  });

  it.each([
    [{ limit: 501 }, 'limit'],
    [{ limit: 0 }, 'limit'],
    [{ cursor: 'x' }, 'cursor'],
    [{ sort: 'age' }, 'sort'],
    [{ search: 'a\0' }, 'search'],
    [{ metadata: { team: 1 } }, 'metadata.team'],
    [{ colour: 'red' }, 'colour'],
  ])('refuses %j', async (query, field) => {
    const { engine } = await openEngine();
    const failure = await failureOf(engine.lists.page(query as never));
    expect(failure).toMatchObject({ code: 'invalid-input', details: { field }, remedy: expect.any(String) });
  });
});

describe('a run that somebody names', () => {
  it('is found, and so are its requests', async () => {
    const { engine, id, puppet } = await begin();
    for (const reference of [id, id.slice(0, 10), id.slice(4, 10), 'Tidy up', '@last']) {
      expect(await engine.lists.find(reference)).toBe(id);
    }
    puppet.context.ask(requestOf('q'), puppet.context.signal).catch(() => {});
    await until(async () => (await engine.lists.requests('Tidy up')).length === 1, 'the request');
    expect(await engine.lists.requests('@last')).toMatchObject([{ runId: id, request: { id: 'request-q' } }]);
    await engine.launch('puppet', { name: 'other' });
    expect(await engine.lists.requests('other')).toEqual([]);
  });

  it('is told apart from others that may be meant', async () => {
    const { engine, store } = await openEngine();
    for (let n = 0; n < 12; n++) await store.runs.add({ id: `run-many${n}`, taskId: 'a', name: 'Many' });
    const failure = await failureOf(engine.lists.find('Many'));
    expect(failure).toMatchObject({ code: 'invalid-input', details: { field: 'run' } });
    expect(failure.remedy?.match(/run-many/g)).toHaveLength(10);
    expect(await failureOf(engine.lists.find('nobody'))).toMatchObject({
      code: 'not-found',
      remedy: expect.any(String),
    });
    expect(await failureOf(engine.lists.requests('nobody'))).toMatchObject({ code: 'not-found' });
  });
});
