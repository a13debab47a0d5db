import { describe, expect, it } from 'vitest';
import type { CodexEvent } from '../../src/codex/events.ts';
import { type Answers, attachMemoryCodex, type MemoryCodex, settled, THREAD } from '../support/memory-codex.ts';

const said = (id: string) => ({ type: 'agentMessage', id, text: id, phase: null });
const mine = { type: 'userMessage', id: 'message', clientId: 'mine', content: [] };
const turn = (status: string, items: object[]) => ({ id: 'turn-1', status, items, error: null });
const known = {
  threads: [{ threadId: THREAD, running: [{ turnId: 'turn-1', items: [{ id: 'message', isCompleted: true }] }] }],
  messageIds: ['mine'],
  changes: {},
};

/** Takes over a thread with a turn that goes on; `meanwhile` happens while it is looked at. */
async function takeOver(snapshot: object, meanwhile: (codex: MemoryCodex) => Promise<void>) {
  const place: { codex?: MemoryCodex } = {};
  const answers: Answers = {
    'thread/resume': async () => {
      if (place.codex) await meanwhile(place.codex);
      return { result: { thread: { id: THREAD, turns: [snapshot] }, cwd: '/repo' } };
    },
  };
  const started = attachMemoryCodex({ answers, conversation: { resumeThreadId: THREAD, known } });
  place.codex = started.codex;
  const messages: string[] = [];
  started.conversation.onMessage((text, { ours }) => {
    messages.push(`${text} ${ours}`);
    void started.conversation.send('next').catch((error: Error) => messages.push(error.message));
  });
  await started.conversation.bootstrap();
  await settled();
  return { ...started, messages, told: started.events.flatMap(shortly) };
}

/** What of an event is about the turn, in a word. */
function shortly(event: CodexEvent): string[] {
  if ('type' in event) return event.type === 'x-optio-reconnected' ? event.missed.flatMap(shortly) : [];
  if (!('method' in event)) return [];
  const { item, turn: of } = event.params as { item?: { id: string }; turn?: { id: string } };
  return item || of ? [`${event.method} ${item?.id ?? of?.id}`] : [];
}

describe('a thread that is taken over in the middle of a turn', () => {
  it('tells what is told meanwhile after what was missed, to handlers that may use the conversation', async () => {
    const { told, messages, codex } = await takeOver(turn('inProgress', [mine, said('one')]), async (theirs) => {
      await theirs.start('turn-1', said('two'));
      await theirs.complete('turn-1', said('two'));
      await theirs.end('turn-1');
    });
    expect(told).toEqual([
      'item/started one',
      'item/completed one',
      'item/started two',
      'item/completed two',
      'turn/completed turn-1',
    ]);
    expect(messages).toEqual(['two true']);
    expect(codex.calls('turn/start')).toHaveLength(1);
  });

  it('tells nothing twice that the thread holds, and that is told as well', async () => {
    const { told, messages } = await takeOver(turn('completed', [mine, said('one')]), async (theirs) => {
      await theirs.start('turn-1', said('one'));
      await theirs.complete('turn-1', said('one'));
      await theirs.end('turn-1');
    });
    expect(told).toEqual(['item/started one', 'item/completed one', 'turn/completed turn-1']);
    expect(messages[0]).toBe('one true');
  });

  it('ends when its profile was changed while it was taken over', async () => {
    const place: { codex?: MemoryCodex } = {};
    const resumed = {
      thread: { id: THREAD, turns: [] },
      initialTurnsPage: { data: [turn('inProgress', [mine])] },
      activePermissionProfile: { id: 'locked' },
    };
    const changed = { threadId: THREAD, threadSettings: { activePermissionProfile: { id: 'open' } } };
    const answers: Answers = {
      'thread/resume': async () => {
        await place.codex?.tell('thread/settings/updated', changed);
        return { result: resumed };
      },
    };
    const locked = { expectProfile: 'locked', sandbox: null, experimentalApi: true } as const;
    const started = attachMemoryCodex({ answers, conversation: { resumeThreadId: THREAD, known, ...locked } });
    place.codex = started.codex;
    await started.conversation.bootstrap();
    await started.reader;
    expect(started.conversation.endReason).toMatchObject({ code: 'sandbox-changed' });
    await expect(started.conversation.send('go')).rejects.toMatchObject({ code: 'conversation-closed' });
  });
});
