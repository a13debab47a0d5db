import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import { ScriptedModel } from '../../../src/testing/index.ts';
import { MortalRun, type ReadRun } from '../../support/mortal-run.ts';
import { until } from '../../support/processes.ts';

interface Place {
  readonly model: ScriptedModel;
  readonly run: MortalRun;
}

/** A run whose agent asks for something, and whose worker dies meanwhile. */
async function makeAsking(spec: Partial<RunSpec> = {}): Promise<Place> {
  const model = await ScriptedModel.start();
  onTestFinished(() => model.close());
  const run = new MortalRun({
    instructions: '!escalate echo one >> out.txt\n!say first',
    autoStart: true,
    endRule: 'firstTurn',
    provider: { baseUrl: model.url },
    model: 'scripted',
    permissionGate: true,
    ...spec,
  });
  return { model, run };
}

async function readOne(run: MortalRun): Promise<ReadRun> {
  const [read] = await run.read();
  if (!read) throw new Error('there is no run');
  expect(run.leftovers(read.record.id), 'nothing of it is left').toBe(0);
  return read;
}

describe('a run that is taken up in the middle of a request', () => {
  it('hears the order to stop, also while a message waits for the turn to end', async () => {
    const { run } = await makeAsking({ endRule: 'told' });
    const meanwhile = { text: '!say second', steer: false };
    await run.work({ event: 'message.sent', nth: 2 }, { isSilent: true, meanwhile });
    await run.work(undefined, { isSilent: true, cancelsAt: 'request.opened' });
    const { record } = await readOne(run);
    expect(record).toMatchObject({ state: 'cancelled', cancel: { reason: 'enough' } });
  });

  it('gets a message that waited after what was under way, and once', async () => {
    const { run, model } = await makeAsking({ endRule: 'told' });
    const meanwhile = { text: '!say second', steer: false };
    await run.work({ event: 'message.sent', nth: 2 }, { isSilent: true, meanwhile });
    const finishing = run.work(undefined, { finishesAfter: 'second' });
    await finishing;
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done', outcome: { text: 'second', turns: 2 } });
    expect(events.filter(({ type }) => type === 'message.taken')).toHaveLength(2);
    expect(model.requests.filter(({ userText }) => userText === '!say second')).toHaveLength(1);
  });

  it('gets a message that was put into the turn once, however long Codex keeps it to itself', async () => {
    const { run, model } = await makeAsking();
    const meanwhile = { text: 'And be brief.', steer: true };
    await run.work({ event: 'message.accepted', nth: 2 }, { isSilent: true, meanwhile });
    await run.work({ afterMs: 5_000 }, { isSilent: true }); // longer than a message takes that is merely late
    await run.work();
    const { record, events } = await readOne(run);
    expect(record).toMatchObject({ state: 'done' });
    expect(record.outcome?.durationMs, 'the second worker alone has lived so long').toBeGreaterThan(5_000);
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toEqual([...new Set(notices)]);
    expect(notices).not.toEqual([]);
    const taken = events.flatMap((event) => (event.type === 'message.taken' ? [event.messageId] : []));
    expect(taken).toHaveLength(2);
    expect(new Set(taken).size).toBe(2);
    expect(JSON.stringify(model.requests.at(-1)?.body).split('And be brief.')).toHaveLength(2);
  });
});

it('a run of which more was missed than is written at once ends as if nothing had happened', async () => {
  const instructions = `${'!repeat 8000000\n!run true\n'.repeat(3)}!say done`;
  const { run, model } = await makeAsking({ instructions });
  await run.work({ event: 'item.started', nth: 1 }, { isSilent: true });
  expect(run.kills).toBe(1);
  await until(() => model.requests.length === 4, 'the last request, by which all has been said that is missed');
  await run.work();
  const { record, events } = await readOne(run);
  expect(record).toMatchObject({ state: 'done', outcome: { text: 'done', turns: 1 } });
  const texts = events.flatMap((event) =>
    event.type === 'item.completed' && event.item.kind === 'agentMessage' ? [event.item.text.length] : [],
  );
  expect(texts).toEqual([8_000_000, 8_000_000, 8_000_000, 4]);
});

describe('a run that was told to stop when its worker died', () => {
  it('is stopped with all that it has, though its time was over before somebody came', async () => {
    const { run } = await makeAsking({ instructions: '!run echo half >> out.txt; sleep 600' });
    await run.work({ event: 'run.state cancelling' }, { cancelsAt: 'item.started' });
    const database = new DatabaseSync(join(run.directory, 'optio.db'));
    database.exec("update runs set cancel = json_set(cancel, '$.deadline', '2020-01-01T00:00:00.000Z')");
    database.close();
    await run.work();
    const { record } = await readOne(run);
    expect(record).toMatchObject({ state: 'cancelled', cancel: { reason: 'enough' } });
  });
});
