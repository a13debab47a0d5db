import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventType } from '../../../src/contract/event.ts';
import { toRunHandle } from '../../../src/engine/run-handle.ts';
import { openCodexEngine } from '../../support/codex-engine.ts';

const of = <T extends RunEventType>(events: readonly RunEvent[], type: T) =>
  events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

describe('a codex that is killed while its run takes messages', () => {
  it('is followed by another in the same thread; the turn was cut, and its reader is told', async () => {
    const { launch, engine } = await openCodexEngine();
    const codexRun = await launch({ instructions: '!run echo half >> out.txt; sleep 600', endRule: 'told' });
    const handle = toRunHandle(engine, codexRun.id);
    let isSent = false;
    const events = await codexRun.events(async (event) => {
      if (event.type === 'item.started' && event.item.kind === 'command') {
        process.kill((await codexRun.codex()).pid, 'SIGKILL');
      }
      if (event.type !== 'session.started' || !event.isResumed) return;
      isSent = true;
      const turn = await handle.send('!say on we go');
      await expect(turn.completed).resolves.toMatchObject({ id: turn.id, status: 'completed', text: 'on we go' });
      await handle.finish();
    });
    expect(isSent).toBe(true);
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'on we go', turns: 2 });
    expect(of(events, 'turn.ended').map(({ status }) => status)).toEqual(['interrupted', 'completed']);
    expect(of(events, 'session.ended').map(({ error }) => error?.code)).toEqual(['codex-exited', undefined]);
    const [first, second] = of(events, 'session.started');
    expect(second).toMatchObject({ isResumed: true, threadId: first?.threadId });
    expect(codexRun.leftovers()).toBe(0);
  });

  it('takes no message along that waited for the turn: the next one gets it, once', async () => {
    const { launch, engine, model } = await openCodexEngine();
    const codexRun = await launch({ instructions: '!run sleep 600', endRule: 'told' });
    const handle = toRunHandle(engine, codexRun.id);
    let waiting: ReturnType<typeof handle.send> | undefined;
    const events = await codexRun.events(async (event) => {
      if (event.type === 'item.started' && event.item.kind === 'command') waiting = handle.send('!say second');
      if (event.type === 'message.sent' && event.text === '!say second') {
        process.kill((await codexRun.codex()).pid, 'SIGKILL');
      }
      if (event.type === 'turn.ended' && event.status === 'completed') await handle.finish();
    });
    const turn = await waiting;
    await expect(turn?.completed).resolves.toMatchObject({ text: 'second' });
    expect(of(events, 'message.sent')).toHaveLength(2);
    expect(of(events, 'message.refused')).toEqual([]);
    expect(model.requests.filter(({ userText }) => userText === '!say second')).toHaveLength(1);
    expect(await codexRun.outcome).toMatchObject({ status: 'done', text: 'second' });
  });

  it('is followed by no other when they die one after the other', async () => {
    const { launch } = await openCodexEngine();
    const codexRun = await launch({ instructions: 'Be brief.', autoStart: false, endRule: 'told' });
    const killed = new Set<number>();
    const events = await codexRun.events(async ({ type }) => {
      if (type !== 'session.started') return;
      const { pid } = await codexRun.codex();
      if (!killed.has(pid)) process.kill(pid, 'SIGKILL');
      killed.add(pid);
    });
    expect(await codexRun.outcome).toMatchObject({ status: 'failed', error: { code: 'codex-exited' } });
    expect(of(events, 'session.started')).toHaveLength(4);
    expect(codexRun.leftovers()).toBe(0);
  });
});
