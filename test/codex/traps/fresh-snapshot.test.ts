import { expect, it } from 'vitest';
import { type MemoryCodex, startMemoryCodex, THREAD } from '../../support/memory-codex.ts';

const turn = (status: string) => ({ id: 'turn-1', status, items: [], error: null });

// The real one was seen to do so after one of eight lost connections, in other hands than ours and never in these.
it('does not believe a snapshot that shows a fresh turn as interrupted, when the turn goes on', async () => {
  const link: { codex?: MemoryCodex } = {};
  const answers = {
    'thread/resume': () => ({ result: { thread: { id: THREAD, turns: [turn('interrupted')] } } }),
    'thread/turns/list': () => ({ result: { data: [turn('inProgress')] } }),
  };
  const reconnect = async () => link.codex?.connect() ?? Promise.reject(new Error('there is no codex'));
  const { codex, conversation, event } = await startMemoryCodex({ answers, link: { reconnect } });
  link.codex = codex;
  const running = await conversation.send('go');
  codex.hangUp();
  await event((told) => 'type' in told && told.type === 'x-optio-reconnected');
  await codex.complete('turn-1', { type: 'agentMessage', id: 'message-1', text: 'it went on', phase: null });
  await codex.end('turn-1');
  await expect(running.completed).resolves.toMatchObject({ status: 'completed', text: 'it went on' });
});
