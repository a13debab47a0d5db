import { expect } from 'vitest';
import type { OptioApi } from '../../src/contract/api.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { Optio } from '../../src/optio.ts';
import { allow, asking, deny, request } from './asks.ts';
import { readAll } from './client.ts';
import { done, taskOf } from './engine.ts';
import { until } from './processes.ts';
import { talking } from './talking.ts';
import { patient, quick } from './tasks.ts';

/** What is checked, and the process in which it happens, where tasks may be made of functions. */
interface Checked {
  readonly api: OptioApi;
  readonly optio: Optio;
}

/** One thing that is checked. */
export type ApiCheck = (checked: Checked) => Promise<void>;

const stateOf = async (run: RunHandle) => (await run.details()).state;
const untilState = (run: RunHandle, state: string) => until(async () => (await stateOf(run)) === state, state);
const SPEC = { instructions: 'Go.', workspace: { fresh: true } } as const;

/** What has to be so of every OptioApi where it deals with one run or one task. */
export const API_CHECKS: Readonly<Record<string, ApiCheck>> = {
  async 'launches a run, tells what happens in it, and how it ends'({ api, optio }) {
    await optio.define(quick('nightly'));
    const run = await api.launch('nightly', { name: 'Tonight', params: { n: 1 }, metadata: { team: 'red' } });
    const events = await readAll(run.events());
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'run.state'],
      [2, 'run.state'],
      [3, 'run.ended'],
    ]);
    expect(await readAll(run.events({ after: 2 }))).toEqual(events.slice(2));
    expect(await readAll(run.events({ after: 3 }))).toEqual([]);
    expect(await run.outcome).toMatchObject({ status: 'done', text: 'nightly' });
    expect(await run.view()).toMatchObject({ seq: 3, state: 'done', outcome: { text: 'nightly' } });
    const about = {
      id: run.id,
      name: 'Tonight',
      state: 'done',
      lastSeq: 3,
      params: { n: 1 },
      metadata: { team: 'red' },
    };
    expect(await run.details()).toMatchObject(about);
    expect((await api.list()).runs).toMatchObject([{ id: run.id, state: 'done' }]);
    expect((await api.list({ states: ['failed'] })).runs).toEqual([]);
    expect((await api.find(run.id)).id).toBe(run.id);
  },

  async 'launches once for a key, at the time it is told'({ api, optio }) {
    await optio.define(quick('nightly'));
    const notBefore = new Date(Date.now() + 3_600_000);
    const options = { idempotencyKey: 'tonight', notBefore };
    const [first, second] = await Promise.all([api.launch('nightly', options), api.launch('nightly', options)]);
    expect(second.id).toBe(first.id);
    expect(await first.details()).toMatchObject({ state: 'scheduled', notBefore: notBefore.toISOString() });
    await expect(api.launch('nightly', { idempotencyKey: 'tonight' })).rejects.toMatchObject({ code: 'key-reused' });
    expect((await api.list()).runs.length).toBe(1);
    await first.cancel('never mind');
    expect(await first.outcome).toMatchObject({ status: 'cancelled' });
    await first.cancel('again');
  },

  async 'talks with the session of a run'({ api, optio }) {
    const session = talking('talk');
    await optio.define(session.task);
    const run = await api.launch('talk');
    const turn = await run.send('How are you?', { idempotencyKey: 'one' });
    expect(turn.after).toBeTypeOf('number');
    expect(await turn.completed).toMatchObject({ status: 'completed', text: 'I heard: How are you?' });
    expect((await run.send('How are you?', { idempotencyKey: 'one' })).id).toBe(turn.id);
    await expect(run.send('Who?', { idempotencyKey: 'one' })).rejects.toMatchObject({ code: 'key-reused' });
    await run.requestModelChange('other');
    await run.requestEffortChange('high');
    await run.interrupt();
    await run.interrupt({ turnId: turn.id });
    await run.finish();
    expect(session.said).toEqual([
      'How are you?',
      'model other',
      'effort high',
      'interrupt',
      `interrupt ${turn.id}`,
      'finish',
    ]);
    expect(await run.outcome).toMatchObject({ status: 'done' });
    await expect(run.send('Still there?')).rejects.toMatchObject({ code: 'conversation-not-ready' });
  },

  async 'keeps a queue of messages for a run, from before it begins until after its end'({ api, optio }) {
    const session = talking('talk');
    await optio.define(session.task);
    const run = await api.launch('talk', { notBefore: new Date(Date.now() + 3_600_000) });
    expect(await run.queue.list()).toEqual({ messages: [], pause: null });
    expect(await run.queue.add('One.', { idempotencyKey: 'a' })).toMatchObject({ id: 'a', text: 'One.', images: [] });
    await run.queue.add('One.', { idempotencyKey: 'a' });
    await expect(run.queue.add('Other.', { idempotencyKey: 'a' })).rejects.toMatchObject({ code: 'key-reused' });
    await expect(run.queue.add(' ')).rejects.toMatchObject({ code: 'invalid-input' });
    const { id: b } = await run.queue.add('Two.');
    await run.queue.add('Three.', { idempotencyKey: 'c', images: ['a.png'] });
    await run.queue.move('c', 'a');
    await run.queue.hold('a');
    const told = { id: 'a', text: 'One.', isHeld: true };
    expect((await run.queue.list()).messages).toMatchObject([{ id: 'c', images: ['a.png'] }, told, { id: b }]);
    await expect(run.queue.edit('a', 'Uno.', { was: 'Eins.' })).rejects.toMatchObject({ code: 'state-changed' });
    await run.queue.edit('a', 'Uno.', { was: 'One.' });
    await run.queue.edit('a', 'Uno.', { was: 'One.' });
    await run.queue.release('a');
    await run.queue.move('c', null);
    await run.queue.remove(b);
    await run.queue.pause();
    const { messages, pause } = await run.queue.list();
    expect(messages.map(({ id, text, isHeld }) => [id, text, isHeld])).toEqual([
      ['a', 'Uno.', undefined],
      ['c', 'Three.', undefined],
    ]);
    expect(pause).toEqual({ reason: 'wish' });
    expect(await run.view()).toMatchObject({ queue: messages, queuePause: pause });
    expect((await run.details()).digest.queued).toBe(2);
    await run.queue.resume();
    await run.queue.clear();
    await expect(run.queue.hold('a')).rejects.toMatchObject({ code: 'not-found' });
    await expect(run.queue.move('a', null)).rejects.toMatchObject({ code: 'not-found' });
    await run.queue.add('Never.', { idempotencyKey: 'd' });
    await run.cancel();
    await run.outcome;
    expect((await run.queue.list()).messages).toMatchObject([{ id: 'd' }]);
    await expect(run.queue.clear()).rejects.toMatchObject({ code: 'conversation-not-ready' });
  },

  async 'brings requests to somebody, and the first answer to the run'({ api, optio }) {
    await optio.define(taskOf(asking(request), { id: 'asks' }));
    const run = await api.launch('asks');
    await until(async () => (await api.requests()).length === 1, 'the request');
    const [open] = await api.requests(run.id);
    expect(open).toMatchObject({ runId: run.id, request });
    const wrong = { kind: 'answers', answers: {} } as const;
    await expect(run.answer(request.id, wrong)).rejects.toMatchObject({ code: 'invalid-input' });
    await run.answer(request.id, allow, { by: 'ada' });
    expect(JSON.parse((await run.outcome).text)).toEqual({ answer: allow, by: 'ada' });
    await expect(run.answer(request.id, deny)).rejects.toMatchObject({ code: 'not-found' });
    expect(await api.requests()).toEqual([]);
  },

  async 'pauses a run, lets it go on, and has it use more'({ api, optio }) {
    const session = talking('talk');
    await optio.define(session.task);
    const run = await api.launch('talk');
    await session.began;
    await untilState(run, 'running');
    await run.pause('for lunch');
    expect(await run.view()).toMatchObject({ state: 'paused', pause: { reason: 'wish', message: 'for lunch' } });
    await run.pause('again');
    await run.resume();
    await run.resume();
    await untilState(run, 'running');
    await run.raiseBudget({ turns: 7 });
    expect(await run.view()).toMatchObject({ budget: { turns: 7 } });
    await expect(run.raiseBudget({ turns: 0 })).rejects.toMatchObject({ code: 'invalid-input' });
    await run.finish();
    await run.outcome;
  },

  async 'stops one, and all with a tag'({ api, optio }) {
    const task = patient('waits');
    await optio.define(task);
    const [red, blue] = await Promise.all(['red', 'blue'].map((team) => api.launch('waits', { metadata: { team } })));
    if (!red || !blue) throw new Error('they were launched');
    await Promise.all([untilState(red, 'running'), untilState(blue, 'running')]);
    expect(await api.cancelGroup({ metadata: { team: 'red' } }, { reason: 'enough' })).toEqual([red.id]);
    expect(await red.outcome).toMatchObject({ status: 'cancelled' });
    expect(await stateOf(blue)).toBe('running');
    await expect(blue.remove()).rejects.toMatchObject({ code: 'run-busy' });
    await blue.cancel('enough of it');
    expect(await blue.outcome).toMatchObject({ status: 'cancelled' });
    expect(await blue.details()).toMatchObject({ cancelReason: 'enough of it' });
  },

  async 'launches a run once more, and removes it'({ api, optio }) {
    await optio.define(quick('nightly'));
    const run = await api.launch('nightly', { params: { n: 1 } });
    await run.outcome;
    const again = await run.retry({ idempotencyKey: 'again' });
    expect((await run.retry({ idempotencyKey: 'again' })).id).toBe(again.id);
    expect(await again.details()).toMatchObject({ retryOf: run.id, params: { n: 1 } });
    await again.outcome;
    await run.remove();
    await expect(run.details()).rejects.toMatchObject({ code: 'not-found' });
    await expect(run.remove()).rejects.toMatchObject({ code: 'not-found' });
  },

  async 'keeps tasks of plain data'({ api }) {
    const config = { ...SPEC, autoStart: true, endRule: 'firstTurn' } as const;
    const task = { id: 'a/b c', name: 'Often', config, schedule: { cron: '0 6 * * *', timeZone: 'UTC' } };
    expect(await api.addTask(task)).toMatchObject({ id: 'a/b c', name: 'Often', isPaused: false });
    expect(await api.tasks()).toMatchObject([{ id: 'a/b c' }]);
    expect(await api.task('a/b c')).toMatchObject({ schedule: { schedule: task.schedule } });
    expect(await api.schedules()).toMatchObject([{ taskId: 'a/b c', isPaused: false }]);
    await api.pauseTask('a/b c');
    expect(await api.schedules()).toMatchObject([{ isPaused: true, nextFireAt: null }]);
    await api.removeTask('a/b c');
    await expect(api.removeTask('a/b c')).rejects.toMatchObject({ code: 'not-found' });
    const bad = { ...task, schedule: 'whenever' };
    await expect(api.addTask(bad)).rejects.toMatchObject({
      code: 'invalid-config',
      details: { field: 'schedule.cron' },
    });
  },

  async 'lets others in, and no more'({ api }) {
    const { secret, ...token } = await api.createToken({ name: 'ci', role: 'viewer' }, { idempotencyKey: 'ci' });
    expect(secret.length).toBeGreaterThan(20);
    expect(await api.tokens()).toEqual([token]);
    await expect(api.createToken({ name: 'ci', role: 'viewer' }, { idempotencyKey: 'ci' })).rejects.toMatchObject({
      code: 'key-reused',
    });
    await api.removeToken(token.id);
    expect(await api.tokens()).toEqual([]);
  },

  async 'lets a reader leave while nothing happens'({ api, optio }) {
    const task = patient('waits');
    await optio.define(task);
    const run = await api.launch('waits');
    await untilState(run, 'running');
    const controller = new AbortController();
    const events: unknown[] = [];
    for await (const { type } of run.events({ signal: controller.signal })) {
      events.push(type);
      if (events.length === 2) setImmediate(() => controller.abort());
    }
    expect(events).toEqual(['run.state', 'run.state']);
    await run.cancel();
    expect(await run.outcome).toEqual({ ...done(), status: 'cancelled', durationMs: expect.any(Number) });
  },
};
