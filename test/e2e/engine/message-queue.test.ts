import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/contract/event.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import { httpError, ScriptedModel, say } from '../../../src/testing/index.ts';
import { openCodexEngine } from '../../support/codex-engine.ts';
import { failureOf } from '../../support/failure.ts';
import { type Death, MortalRun } from '../../support/mortal-run.ts';
import { until } from '../../support/processes.ts';
import { makePlace, type RunPlace, startRun } from '../../support/run.ts';

const HEARD = {
  type: 'object',
  properties: { heard: { type: 'string' } },
  required: ['heard'],
  additionalProperties: false,
};
const STAY = { endRule: 'told' } as const;
const turnsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'turn.ended' ? [event.status] : []));

async function untilTurn(handle: RunHandle, number: number, isRunning = true): Promise<void> {
  const isSo = async () => {
    const { turns, turnOrder } = await handle.view();
    const turn = turns[turnOrder[number - 1] ?? ''];
    return turn !== undefined && (turn.status === 'running') === isRunning;
  };
  await until(isSo, `${isRunning ? 'turn' : 'the end of turn'} ${number}`);
}

/** What the agent was asked, in order, each once however often it was asked on. */
const askedOf = ({ model }: Pick<RunPlace, 'model'>) => [...new Set(model.requests.map(({ userText }) => userText))];

async function readEvents(handle: RunHandle): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  return events;
}

describe('the queue of a run', () => {
  it('is sent one after the other in its order, and a run of one turn is over with the answer to the last', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!pause 500\n!say first', endRule: 'firstTurn' });
    // Its session is not there yet.
    for (const text of ['!say third', '!say fourth', '!say never', '!say second'])
      await handle.queue.add(text, { idempotencyKey: text.slice(5) });
    await handle.queue.move('second', 'third');
    await handle.queue.remove('never');
    await handle.queue.edit('fourth', '!say the end', { was: '!say fourth' });
    expect((await handle.queue.list()).messages.map(({ id }) => id)).toEqual(['second', 'third', 'fourth']);
    expect((await handle.details()).digest.queued).toBe(3);
    expect(await handle.outcome).toMatchObject({ status: 'done', text: 'the end', turns: 4 });
    expect(askedOf(place)).toEqual(['!pause 500\n!say first', '!say second', '!say third', '!say the end']);
    expect(await handle.view()).toMatchObject({ queue: [], messages: { second: { state: 'taken', wasQueued: true } } });
    await expect(handle.queue.add('Too late.')).rejects.toMatchObject({ code: 'conversation-not-ready' });
    await expect(handle.queue.remove('second')).rejects.toMatchObject({ code: 'conversation-not-ready' });
  });

  it('is held by an interrupt until it is resumed, and what is said meanwhile does not send it', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!hang', ...STAY });
    await untilTurn(handle, 1);
    await handle.queue.add('!say waited', { idempotencyKey: 'waited' });
    await handle.interrupt();
    await untilTurn(handle, 1, false);
    expect(await handle.queue.list()).toMatchObject({ messages: [{ id: 'waited' }], pause: { reason: 'interrupt' } });
    const turn = await handle.send('!say something else');
    expect(await turn.completed).toMatchObject({ text: 'something else' });
    expect((await handle.queue.list()).messages).toHaveLength(1);
    await handle.queue.resume();
    await untilTurn(handle, 3, false);
    expect(askedOf(place).slice(-2)).toEqual(['!say something else', '!say waited']);
    expect(await handle.view()).toMatchObject({ queue: [], queuePause: null });
    await handle.finish();
    expect(turnsOf(await readEvents(handle))).toEqual(['interrupted', 'completed', 'completed']);
  });

  it('sends nothing after a message that somebody is changing, and lets a run of one turn end once that is taken back', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!pause 300\n!say first', endRule: 'firstTurn' });
    await handle.queue.add('!say second', { idempotencyKey: 'a' });
    await handle.queue.add('!say third', { idempotencyKey: 'b' });
    await handle.queue.hold('a');
    await untilTurn(handle, 1, false);
    await handle.queue.clear();
    expect(await handle.outcome).toMatchObject({ status: 'done', text: 'first', turns: 1 });
    expect(askedOf(place)).toEqual(['!pause 300\n!say first']);
  });

  it('gives a message to the running turn when somebody steers it, once', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!run sleep 2\n!say first', ...STAY });
    await untilTurn(handle, 1);
    await handle.queue.add('Hurry.', { idempotencyKey: 'a' });
    const other = await failureOf(handle.send('Something else.', { idempotencyKey: 'a', steer: true }));
    expect(other).toMatchObject({ code: 'key-reused' });
    const turn = await handle.send('Hurry.', { idempotencyKey: 'a', steer: true });
    await turn.completed;
    const { messages, turnOrder, queue } = await handle.view();
    expect(queue).toEqual([]);
    expect(messages.a).toMatchObject({ state: 'taken', turnId: turnOrder[0] });
    await expect(handle.queue.edit('a', 'Later.')).rejects.toMatchObject({ code: 'state-changed' });
    expect(await handle.queue.add('Hurry.', { idempotencyKey: 'a' })).toMatchObject({ id: 'a' }); // it was there before
    expect((await handle.queue.list()).messages).toEqual([]);
    await handle.finish();
    await handle.outcome;
  });

  it('waits while the run is paused, and comes after what the pause has cut', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!run sleep 600\n!say never', ...STAY });
    await untilTurn(handle, 1);
    await handle.queue.add('!say waited');
    await handle.pause('lunch');
    await untilTurn(handle, 1, false);
    expect(await handle.queue.list()).toMatchObject({ messages: [{ text: '!say waited' }], pause: null });
    await handle.resume();
    await untilTurn(handle, 3, false);
    const sent = (await handle.view()).messageOrder.length;
    expect(sent).toBe(3);
    expect(askedOf(place).at(-1)).toBe('!say waited');
    await handle.finish();
    await handle.outcome;
  });

  it('tells what Codex does not get as refused, and holds the rest', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!pause 300\n!say first', ...STAY });
    await handle.queue.add('Look.', { idempotencyKey: 'a', images: ['missing.png'] });
    await handle.queue.add('!say rest', { idempotencyKey: 'b' });
    await until(async () => (await handle.queue.list()).pause !== null, 'the refusal');
    expect(await handle.view()).toMatchObject({
      messages: { a: { state: 'refused', text: 'Look.', wasQueued: true } },
      queue: [{ id: 'b' }],
      queuePause: { reason: 'refused' },
    });
    await handle.queue.resume();
    await until(async () => (await handle.view()).messages.b?.state === 'taken', 'the rest');
    await handle.finish();
    await handle.outcome;
  });

  it('waits for the next attempt, and says then what the run has come to', async () => {
    const { launch, engine, model } = await openCodexEngine({
      script: ({ userText, number }) =>
        number === 1 ? [httpError(400, 'no')] : [say(`heard ${userText.length} letters`)],
    });
    const run = await launch({ instructions: 'Begin.' }, { attempts: 2, backoffMs: 500 });
    const queue = engine.controls.queues.of(run.id);
    await queue.add('one two', { idempotencyKey: 'a' });
    const events = await run.events(async (event) => {
      // Nobody works on it while it rests.
      if (event.type === 'run.state' && event.state === 'scheduled') await queue.add('three', { idempotencyKey: 'b' });
    });
    expect(await run.outcome).toMatchObject({ status: 'done', text: 'heard 5 letters' });
    expect(events.flatMap((event) => (event.type === 'run.state' ? [event.state] : []))).toContain('scheduled');
    expect(model.requests.map(({ userText }) => userText).slice(-2)).toEqual(['one two', 'three']);
    expect(run.leftovers()).toBe(0);
  });

  it('gives the answer to its last message as the data that the output schema asks for', async () => {
    const place = await makePlace({ script: ({ userText }) => [say(JSON.stringify({ heard: userText }))] });
    const handle = await startRun(place, { instructions: 'One.', endRule: 'firstTurn', outputSchema: HEARD });
    await handle.queue.add('Two.');
    expect(await handle.outcome).toMatchObject({ status: 'done', output: { heard: 'Two.' } });
  });

  it.each([
    ['firstTurn', true],
    ['told', false],
  ] as const)('asks on a death for the same data as before: in a run that ends by %s, %s', async (endRule, isData) => {
    const answer = (heard: string) => JSON.stringify({ heard });
    const model = await ScriptedModel.start({ script: ({ userText }) => [say(answer(userText))] });
    onTestFinished(() => model.close());
    const spec: Omit<RunSpec, 'workspace'> = {
      ...{ instructions: 'One.', autoStart: true, endRule, outputSchema: HEARD },
      ...{ provider: { baseUrl: model.url }, model: 'scripted' },
    };
    const run = new MortalRun(spec);
    await run.work({ event: 'message.sent', nth: 2 }, { queued: ['Two.'] });
    await run.work(undefined, isData ? {} : { finishesAfter: answer('Two.') });
    const asked = model.requests.map(({ userText, body }) => [userText, JSON.stringify(body).includes('json_schema')]);
    expect(asked).toEqual([
      ['One.', true],
      ['Two.', isData],
    ]);
    const [read] = await run.read();
    expect(read?.record.state).toBe('done');
  });

  const ONCE: readonly [string, readonly Death[]][] = [
    ['when it was put there', [{ event: 'message.queued', nth: 2 }]],
    ['when its first turn is over', [{ event: 'turn.ended' }]],
    ['when one of it was sent', [{ event: 'message.sent', nth: 2 }]],
    [
      'when one was accepted, and again when the next was sent',
      [{ event: 'message.accepted', nth: 2 }, { event: 'message.sent' }],
    ],
    ['when one was taken', [{ event: 'message.taken', nth: 2 }]],
    ['when the turn of the last is over', [{ event: 'turn.ended', nth: 3 }]],
  ];
  it.each(ONCE)('comes to the model once and in its order when whoever sends it is killed %s', async (_, deaths) => {
    const model = await ScriptedModel.start();
    onTestFinished(() => model.close());
    const queued = ['!say second', '!say third'];
    const spec: Omit<RunSpec, 'workspace'> = {
      ...{ instructions: '!say first', autoStart: true, endRule: 'firstTurn' },
      ...{ provider: { baseUrl: model.url }, model: 'scripted' },
    };
    const run = new MortalRun(spec);
    for (const death of deaths) await run.work(death, { queued });
    await run.work();
    const [read] = await run.read();
    expect(read?.record).toMatchObject({ state: 'done', outcome: { status: 'done', text: 'third', turns: 3 } });
    expect(model.requests.map(({ userText }) => userText)).toEqual(['!say first', ...queued]);
    expect(run.changed).toEqual([]);
    expect(run.leftovers(read?.record.id ?? '')).toBe(0);
  });
});
