import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent, RunEventOf, RunEventType } from '../../../src/contract/event.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { type CodexTaskOptions, createCodexTask } from '../../../src/session/task.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import type { OpenedRequest } from '../../../src/task/task.ts';
import { callTool, escalate, type ModelRequest, ScriptedModel, type Step, say } from '../../../src/testing/index.ts';
import { openEngine } from '../../support/engine.ts';
import { MortalRun, type ReadRun } from '../../support/mortal-run.ts';

const CHILD = 'the task of the child';

/** A parent that begins a child, waits for it, and speaks last; the child has to ask before it may run something. */
function family({ userText, outputs }: ModelRequest): readonly Step[] {
  if (userText === CHILD) return outputs.length === 0 ? [escalate('echo ran >> count')] : [say('the child is done')];
  if (outputs.length === 0) return [callTool('spawn_agent', { message: CHILD }, 'multi_agent_v1')];
  const { agent_id: id } = JSON.parse(outputs[0] ?? '{}') as { agent_id: string };
  return [
    outputs.length === 1 ? callTool('wait_agent', { targets: [id] }, 'multi_agent_v1') : say('the parent is done'),
  ];
}

/** A run whose worker has died as soon as the sub-agent had asked. */
async function askedAndLeft(): Promise<MortalRun> {
  const model = await ScriptedModel.start({ script: family });
  onTestFinished(() => model.close());
  const run = new MortalRun({
    instructions: 'go',
    autoStart: true,
    endRule: 'firstTurn',
    provider: { baseUrl: model.url },
    model: 'scripted',
    permissionGate: true,
  });
  await run.work({ event: 'request.opened' });
  expect(run.kills).toBe(1);
  return run;
}

const of = <T extends RunEventType>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is RunEventOf<T> => event.type === type);

/** The run ended as if nobody had died, and the sub-agent asked once, on its own thread. */
async function expectRight(run: MortalRun, by: string): Promise<void> {
  const [{ record, events }] = (await run.read()) as [ReadRun];
  expect(record).toMatchObject({ state: 'done', outcome: { text: 'the parent is done', turns: 1 } });
  const opened = of(events, 'request.opened');
  expect(opened).toHaveLength(1);
  expect(opened[0]?.request).toMatchObject({ kind: 'command', command: 'echo ran >> count' });
  expect(opened[0]?.request.threadId).not.toBe(record.outcome?.threadId);
  expect(of(events, 'turn.started').map(({ threadId }) => threadId)).toContain(opened[0]?.request.threadId);
  expect(of(events, 'request.answered')).toMatchObject([{ requestId: opened[0]?.request.id, by }]);
  expect(of(events, 'request.closed')).toEqual([]);
  expect(of(events, 'turn.ended').map(({ status }) => status)).toEqual(['completed', 'completed']);
  expect(run.file('count')).toBe('ran\n');
  expect(run.leftovers(record.id)).toBe(0);
}

describe('what a sub-agent asks when the worker of its run dies', () => {
  it('is recognised by the next worker when Codex asks it again, under its own thread, and answered once', async () => {
    const run = await askedAndLeft();
    const askedAgain = Promise.withResolvers<OpenedRequest>();
    const home = join(run.directory, '../home');
    const { engine, store } = await openEngine({
      directory: run.directory,
      host: new LocalHost({ home }),
      directories: { data: run.directory, workspaces: `${run.directory}-workspaces` },
      env: { PATH: process.env.PATH, HOME: home },
      revive: (definition) => ({
        ...createCodexTask(definition as CodexTaskOptions),
        onRequest: askedAgain.resolve,
      }),
    });
    const { runId, request } = await askedAgain.promise;
    expect((await store.requests.open()).map((open) => open.request)).toEqual([request]);
    await engine.controls.answer(runId, request.id, { kind: 'decision', behavior: 'allow' }, 'ada');
    await engine.runs.outcome(runId);
    await engine.close();
    await store.close();
    await expectRight(run, 'ada');
  });

  it('may be answered before Codex asks it again', async () => {
    const run = await askedAndLeft();
    await run.work();
    await expectRight(run, 'worker');
  });

  it('is the same also when that one dies, too, while it is still open', async () => {
    const run = await askedAndLeft();
    await run.work({ event: 'session.reconnected' }, { isSilent: true });
    expect(run.kills).toBe(2);
    await run.work();
    await expectRight(run, 'worker');
  });

  it('may be answered while nobody is there: the sub-agent gets that, and nobody is asked again', async () => {
    const run = await askedAndLeft();
    {
      await using store = await openSqliteStore(run.directory);
      const [open] = await store.requests.open();
      const given = { answer: { kind: 'decision', behavior: 'allow' }, by: 'ada' } as const;
      await store.requests.answer(open?.runId ?? '', open?.request.id ?? '', given);
    }
    await run.work(undefined, { isSilent: true });
    await expectRight(run, 'ada');
  });
});
