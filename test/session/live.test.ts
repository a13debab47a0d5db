import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import type { Item } from '../../src/contract/item.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import { checkConfig } from '../../src/session/config.ts';
import { AccessGuard } from '../../src/session/guard.ts';
import { LiveSession } from '../../src/session/live.ts';
import { Narrator } from '../../src/session/narrator.ts';
import { GO_ON } from '../../src/session/own-messages.ts';
import { settled, startMemoryCodex, THREAD } from '../support/memory-codex.ts';
import { makeRun } from '../support/memory-run.ts';
import { until } from '../support/processes.ts';

const said = { type: 'agentMessage', id: 'answer', text: 'done', phase: null };

/** A session of one turn, in which Codex says everything right; `emit` is where the run writes it down. */
async function converse(emit: (event: RunEventBody) => void) {
  const { codex, conversation } = await startMemoryCodex();
  const context = Object.assign(makeRun(), { emit });
  const narrator = new Narrator(
    context,
    conversation,
    new AccessGuard(context.host, { denied: [], readable: [], writable: [] }),
  );
  const config = checkConfig({ instructions: 'go', autoStart: true, endRule: 'firstTurn', workspace: { fresh: true } });
  const live = new LiveSession({
    context,
    config,
    conversation,
    narrator,
    before: undefined,
    isRelaunched: false,
    threadId: undefined,
    nextAttempt: undefined,
    onTurn: () => {},
  });
  const over = live.converse();
  await until(() => codex.calls('turn/start').length === 1, 'the message');
  await settled();
  await codex.begin('turn-1');
  await codex.start('turn-1', said);
  await codex.complete('turn-1', said);
  await codex.end('turn-1', { items: [said] });
  return over;
}

describe('a session of one turn', () => {
  it('is done when all of it was written down', async () => {
    const events: string[] = [];
    expect(await converse(({ type }) => events.push(type))).toEqual({ status: 'done' });
    expect(events).toContain('turn.ended');
  });

  it.each(['item.completed', 'turn.ended'] as const)(
    'is not done when its %s could not be written down (D1.8)',
    async (lost) => {
      const end = await converse(({ type }) => {
        if (type === lost) throw new Error('the connection to the store is gone');
      });
      expect(end).toMatchObject({ status: 'failed', error: { message: 'the connection to the store is gone' } });
    },
  );
});

describe('an attempt after one whose codex has died in the turn of which it had shown no message', () => {
  /** What the journal says of that attempt; `seen`: of a turn before, whose message was seen. */
  function journalOf(seen: boolean): RunEventBody[] {
    const message = (messageId: string, text: string, turnId: string): RunEventBody[] => [
      { type: 'message.sent', messageId, text, images: [], steer: false },
      { type: 'message.accepted', messageId, turnId },
      { type: 'turn.started', turnId },
    ];
    const item: Item = { kind: 'userMessage', id: 'item-1', text: 'go', images: [], messageId: 'm1' };
    const shown: RunEventBody[] = [
      { type: 'item.completed', turnId: 'turn-a', item },
      { type: 'message.taken', messageId: 'm1', turnId: 'turn-a' },
    ];
    return [...message('m1', 'go', 'turn-a'), ...(seen ? [...shown, ...message('m2', GO_ON, 'turn-b')] : [])];
  }

  it.each([
    ['the message once in its thread', false, THREAD, ['go']],
    ['the message once in a new one', false, 'gone', ['go']],
    ['what it was asked in its thread', true, THREAD, [GO_ON]],
    ['the task in a new one, which knows of nothing', true, 'gone', ['go']],
  ])('sends %s', async (_, seen, threadId, expected) => {
    const { codex, conversation } = await startMemoryCodex();
    const context = makeRun();
    const guard = new AccessGuard(context.host, { denied: [], readable: [], writable: [] });
    const before = journalOf(seen)
      .map((body, at) => ({ ...body, seq: at + 1, at: new Date(0).toISOString() }) as RunEvent)
      .reduce(applyEvent, createRunView());
    const turnsBefore = before.turnOrder.length;
    const live = new LiveSession({
      context,
      config: checkConfig({ instructions: 'go', autoStart: true, endRule: 'told', workspace: { fresh: true } }),
      conversation,
      narrator: new Narrator(context, conversation, guard),
      before,
      isRelaunched: true,
      threadId,
      nextAttempt: { isUnfinished: true, turnsBefore, messageId: 'm3', isNew: true },
      onTurn: () => {},
    });
    const over = live.converse();
    for (const [at] of expected.entries()) {
      await until(() => codex.calls('turn/start').length === at + 1, 'a message');
      await codex.begin(`turn-${at + 1}`);
      await codex.end(`turn-${at + 1}`);
    }
    await settled();
    const calls = codex.calls('turn/start') as { readonly input: readonly { readonly text: string }[] }[];
    expect(calls.map(({ input }) => input[0]?.text)).toEqual(expected);
    live.finish({ status: 'done' });
    await over;
  });
});
