import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent, RunEventOf, RunEventType } from '../../../src/contract/event.ts';
import type { RunSpec } from '../../../src/contract/run-spec.ts';
import { findMarked } from '../../../src/hosts/processes.ts';
import { GO_ON } from '../../../src/session/own-messages.ts';
import { ScriptedModel } from '../../../src/testing/index.ts';
import { MortalRun } from '../../support/mortal-run.ts';
import { until } from '../../support/processes.ts';
import { makePlace, markOf, startRun, watchRun } from '../../support/run.ts';

const of = <T extends RunEventType>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is RunEventOf<T> => event.type === type);
const isCommand = (event: RunEvent) => event.type === 'item.started' && event.item.kind === 'command';

describe('a run that is paused', () => {
  it('stops its turn with the commands of that, and goes on with it when it is resumed', async () => {
    const place = await makePlace();
    const instructions = '!run touch begun; sleep 600\n!say never';
    const { outcome, events } = await watchRun(place, { instructions }, async (event, handle) => {
      if (isCommand(event)) {
        await until(() => existsSync(join(place.workspace, 'begun')), 'the command');
        await handle.pause('lunch');
      }
      if (event.type !== 'turn.ended' || event.status !== 'interrupted') return;
      expect(await handle.view()).toMatchObject({ state: 'paused', pause: { reason: 'wish', message: 'lunch' } });
      const commands = () => findMarked(markOf(place, handle.id)).length;
      await until(() => commands() === 1, 'the end of all but codex itself');
      await handle.resume();
    });
    expect(of(events, 'run.state').map(({ state }) => state)).toEqual(['starting', 'running', 'paused', 'running']);
    expect(of(events, 'message.sent').map(({ text }) => text)).toEqual([instructions, GO_ON]);
    expect(outcome).toMatchObject({ status: 'done', turns: 2 });
  });

  it('keeps a message until it is resumed', async () => {
    const place = await makePlace();
    const handle = await startRun(place, { instructions: '!say first', endRule: 'told' });
    let sending: ReturnType<typeof handle.send> | undefined;
    const events: RunEvent[] = [];
    for await (const event of handle.events()) {
      events.push(event);
      if (event.type === 'turn.ended' && !sending) {
        await handle.pause();
        sending = handle.send('!say second');
      } else if (event.type === 'turn.ended') await handle.finish();
      if (event.type === 'message.sent' && event.text === '!say second') await handle.resume();
    }
    await expect((await sending)?.completed).resolves.toMatchObject({ text: 'second' });
    const at = (is: (event: RunEvent) => boolean) => events.findIndex(is);
    const resumed = events.findLastIndex((event) => event.type === 'run.state' && event.state === 'running');
    expect(at((event) => event.type === 'message.sent' && event.text === '!say second')).toBeLessThan(resumed);
    expect(events.findLastIndex((event) => event.type === 'turn.started')).toBeGreaterThan(resumed);
  });

  it('goes on with what was cut also in another process, whenever the first one dies', async () => {
    const model = await ScriptedModel.start();
    onTestFinished(() => model.close());
    const spec: Omit<RunSpec, 'workspace'> = {
      instructions: '!run touch begun; sleep 600\n!say never',
      autoStart: true,
      endRule: 'firstTurn',
      provider: { baseUrl: model.url },
      model: 'scripted',
    };
    for (const death of ['run.state paused', 'run.state running'] as const) {
      const run = new MortalRun(spec);
      const nth = death === 'run.state running' ? 2 : 1;
      await run.work({ event: death, nth }, { pausesAt: 'item.started command' });
      await run.work(undefined, { resumes: true });
      const [read] = await run.read();
      expect(read?.record, death).toMatchObject({ state: 'done', outcome: { turns: 2 } });
      const events = read?.events ?? [];
      expect(of(events, 'message.sent').map(({ text }) => text)).toEqual([spec.instructions, GO_ON]);
      expect(of(events, 'turn.ended').map(({ status }) => status)).toEqual(['interrupted', 'completed']);
      expect(run.leftovers(read?.record.id ?? '')).toBe(0);
    }
  });
});

describe('a run with a budget', () => {
  it('of tokens is interrupted when they are used up, and goes on when it may use more', async () => {
    const place = await makePlace({
      script: ({ number }) => [{ kind: 'command', command: `echo ${number} >> out.txt` }],
    });
    const spec = { instructions: 'Go.', workspace: { directory: place.workspace }, model: 'scripted' } as const;
    // The scripted model says that each of its answers took 150 tokens.
    const handle = await place.optio.run(
      { ...spec, provider: { baseUrl: place.model.url } },
      { budget: { tokens: 300 } },
    );
    const pauses: number[] = [];
    for await (const event of handle.events()) {
      if (event.type === 'run.state' && event.state === 'paused') pauses.push((await handle.view()).usage.total);
      if (event.type !== 'turn.ended') continue;
      if (pauses.length === 1) await handle.raiseBudget({ tokens: 600 });
      else await handle.cancel('enough');
    }
    expect(pauses.map((tokens) => tokens >= 300)).toEqual([true, true]);
    expect(pauses[1]).toBeGreaterThanOrEqual(600);
    await expect(handle.outcome).resolves.toMatchObject({ status: 'cancelled' });
  });

  it('of time has failed with it where that is what it says', async () => {
    const place = await makePlace();
    const handle = await place.optio.run(
      {
        instructions: '!hang',
        workspace: { directory: place.workspace },
        model: 'scripted',
        provider: { baseUrl: place.model.url },
      },
      { budget: { wallMs: 500, onReached: 'fail' } },
    );
    await expect(handle.outcome).resolves.toMatchObject({ status: 'failed', error: { code: 'budget-reached' } });
  });
});

describe('the deadline of a run', () => {
  it('ends it as done, whatever turn runs, with what it has done', async () => {
    const place = await makePlace();
    const instructions = '!run echo half > half.txt\n!hang';
    const { outcome, of: told } = await watchRun(place, { instructions, endRule: { afterMs: 8_000 } });
    expect([outcome.status, outcome.error]).toEqual(['done', undefined]);
    expect(outcome.workspace?.changes).toEqual([{ path: 'half.txt', change: 'added' }]);
    expect(told('turn.ended')).toMatchObject([{ status: 'interrupted' }]);
  });
});
