import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import { checkConfig } from '../../src/session/config.ts';
import { AccessGuard } from '../../src/session/guard.ts';
import { LiveSession } from '../../src/session/live.ts';
import { Narrator } from '../../src/session/narrator.ts';
import { settled, startMemoryCodex } from '../support/memory-codex.ts';
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
