import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent, RunEventOf } from '../../../src/contract/event.ts';
import { isRunning } from '../../../src/hosts/processes.ts';
import { GO_ON } from '../../../src/session/own-messages.ts';
import { hang, pause, ScriptedModel, say } from '../../../src/testing/index.ts';
import { type CodexRun, openCodexEngine } from '../../support/codex-engine.ts';
import { MortalRun } from '../../support/mortal-run.ts';
import { freeze, until } from '../../support/processes.ts';

/** Asked often, so that a silence is noticed soon; left alone for longer than any test takes. */
const PATIENT = { pingMs: 200, answerMs: 600_000 };
/** A codex that is only slow, on a machine that does much else, has to answer within this. */
const IMPATIENT = { pingMs: 200, answerMs: 5_000 };
const isSilent = (event: RunEvent) =>
  event.type === 'notice' && event.message.startsWith('codex does not answer since');
const isAnswering = (event: RunEvent) => event.type === 'notice' && event.message.startsWith('codex answers again');
const silences = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (isSilent(event) ? ['silent'] : isAnswering(event) ? ['answering'] : []));
const sent = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'message.sent' ? [event.text] : []));

/** Stops the first codex of a run as soon as its turn has begun; gives its pid from then on. */
function stopperOf(codexRun: CodexRun): (event: RunEvent) => Promise<number | undefined> {
  let pid: number | undefined;
  return async ({ type }) => {
    if (type !== 'message.taken' || pid !== undefined) return pid;
    ({ pid } = await codexRun.codex());
    await freeze(pid);
    return pid;
  };
}

describe('a codex that is stopped in the middle of a turn', () => {
  it('is told of once, is left alone, and ends its turn as if nothing had happened when it goes on', async () => {
    const said = Promise.withResolvers<void>();
    const { launch } = await openCodexEngine({ script: [pause(said.promise), say('all the same')] });
    const codexRun = await launch({ instructions: 'Go.', deadlines: PATIENT });
    const stop = stopperOf(codexRun);
    const events = await codexRun.events(async (event) => {
      const pid = await stop(event);
      if (pid === undefined || !isSilent(event)) return;
      said.resolve(); // the model answers while nobody listens
      process.kill(pid, 'SIGCONT');
    });
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'all the same', turns: 1 });
    expect(events.filter(({ type }) => type === 'session.started')).toHaveLength(1);
    const told = silences(events);
    expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? 'silent' : 'answering')));
    expect(told).toContain('silent');
    expect(told.at(-1)).toBe('answering');
    expect(codexRun.leftovers()).toBe(0);
  });

  it('gets what was sent to it meanwhile when it goes on', async () => {
    const { launch, engine } = await openCodexEngine();
    const codexRun = await launch({ instructions: '!say one', endRule: 'told', deadlines: PATIENT });
    let [pid, sending]: [number, Promise<unknown> | undefined] = [0, undefined];
    const events = await codexRun.events(async (event) => {
      if (event.type === 'turn.ended' && pid === 0) {
        ({ pid } = await codexRun.codex());
        await freeze(pid);
      }
      if (isSilent(event)) sending ??= engine.controls.live(codexRun.id).controls.send('!say two', { steer: false });
      if (event.type === 'message.sent' && sending) process.kill(pid, 'SIGCONT');
      if (event.type === 'turn.ended' && sending) engine.controls.live(codexRun.id).controls.finish();
    });
    await sending;
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'two', turns: 2 });
    expect(sent(events)).toEqual(['!say one', '!say two']);
  });

  it('is paused all the same, and its turn has ended once it goes on', async () => {
    const { launch, engine } = await openCodexEngine({ script: () => [hang()] });
    const codexRun = await launch({ instructions: 'Go.', endRule: 'told', deadlines: PATIENT });
    const stop = stopperOf(codexRun);
    let isAsked = false;
    const events = await codexRun.events(async (event) => {
      const pid = await stop(event);
      if (pid !== undefined && isSilent(event) && !isAsked) {
        isAsked = true;
        await engine.controls.pause(codexRun.id, 'lunch');
        process.kill(pid, 'SIGCONT');
      }
      if (event.type === 'turn.ended') await engine.controls.cancel(codexRun.id, 'enough');
    });
    expect(await codexRun.outcome).toMatchObject({ status: 'cancelled' });
    const told = events.filter(({ type }) => type === 'run.state' || type === 'turn.ended');
    expect(told.map((event) => ('state' in event ? event.state : event.type))).toEqual(
      expect.arrayContaining(['paused', 'turn.ended', 'cancelling']),
    );
  });

  it('is ended when it was silent for too long, and the run has failed with that', async () => {
    const { launch } = await openCodexEngine({ script: () => [hang()] });
    const codexRun = await launch({ instructions: 'Go.', deadlines: IMPATIENT });
    const events = await codexRun.events(stopperOf(codexRun));
    expect(await codexRun.outcome).toMatchObject({ status: 'failed', error: { code: 'codex-unresponsive' } });
    expect(silences(events).at(-1)).toBe('silent');
    expect(codexRun.leftovers()).toBe(0);
  });

  it('is ended so, and another attempt goes on in its thread', async () => {
    const { launch } = await openCodexEngine({
      script: ({ userText }) => [userText === GO_ON ? say('went on') : hang()],
    });
    const retry = { attempts: 2, backoffMs: 1 };
    const codexRun = await launch({ instructions: 'Go.', deadlines: IMPATIENT }, retry);
    const events = await codexRun.events(stopperOf(codexRun));
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'went on' });
    const started = events.filter((event): event is RunEventOf<'session.started'> => event.type === 'session.started');
    expect(started.map(({ isResumed }) => isResumed)).toEqual([false, true]);
    expect(started[1]?.threadId).toBe(started[0]?.threadId);
    expect(sent(events)).toEqual(['Go.', GO_ON]);
    expect(codexRun.leftovers()).toBe(0);
  });

  it('is ended at once when its run is cancelled', async () => {
    const { launch, engine } = await openCodexEngine({ script: () => [hang()] });
    const codexRun = await launch({ instructions: 'Go.', deadlines: PATIENT });
    const stop = stopperOf(codexRun);
    await codexRun.events(async (event) => {
      if ((await stop(event)) && isSilent(event)) await engine.controls.cancel(codexRun.id, 'enough');
    });
    expect(await codexRun.outcome).toMatchObject({ status: 'cancelled' });
    expect(codexRun.leftovers()).toBe(0);
  });
});

describe('a codex that is stopped when another process takes the run up', () => {
  async function stoppedAndLeft(
    deadlines: typeof PATIENT,
    last = say('all the same'),
  ): Promise<MortalRun & { readonly pid: number }> {
    const model = await ScriptedModel.start({ script: [say('I begin'), last] });
    onTestFinished(() => model.close());
    const spec = { instructions: 'Go.', autoStart: true, endRule: 'firstTurn', model: 'scripted', deadlines } as const;
    const run = new MortalRun({ ...spec, provider: { baseUrl: model.url } });
    await run.work({ event: 'message.taken' });
    const [read] = await run.read();
    if (!read) throw new Error('there is no run');
    const { codex } = read.record.checkpoint as { codex: { pid: number; startTime: number; bootId: string } };
    expect(isRunning(codex)).toBe(true);
    await freeze(codex.pid);
    return Object.assign(run, { pid: codex.pid });
  }

  it('is told of, waited for, and taken over when it goes on', async () => {
    const run = await stoppedAndLeft(PATIENT);
    const working = run.work();
    const seen = () => [...run.seen.values()].map((text): RunEvent => JSON.parse(text));
    await until(() => seen().some(isSilent), 'the notice');
    process.kill(run.pid, 'SIGCONT');
    await working;
    const [read] = await run.read();
    expect(read?.record).toMatchObject({ state: 'done' });
    expect(silences(read?.events ?? [])).toContain('answering');
    expect(read?.events.filter(({ type }) => type === 'session.started')).toHaveLength(1);
    expect(run.leftovers(read?.record.id ?? '')).toBe(0);
  });

  it('counts as dead when it was silent for too long', async () => {
    const run = await stoppedAndLeft({ pingMs: 200, answerMs: 1_000 }, hang());
    await run.work();
    const [read] = await run.read();
    expect(read?.record).toMatchObject({ state: 'failed', outcome: { error: { code: 'codex-exited' } } });
    expect(silences(read?.events ?? []).at(0)).toBe('silent');
    expect(run.leftovers(read?.record.id ?? '')).toBe(0);
  });
});
