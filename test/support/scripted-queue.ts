import type { MessageQueue } from '../../src/contract/message-queue.ts';
import type { MemoryRun } from '../../src/task/memory.ts';

/** The queue of a run that nobody executes: what is done to it stands in its journal, and nothing is sent of it. */
export function scriptQueue(run: MemoryRun, note: (what: string) => void): MessageQueue {
  const tell = (what: string, ...events: Parameters<MemoryRun['emit']>) => {
    note(what);
    run.emit(...events);
  };
  const list = async () => {
    const { queue, queuePause } = await run.history();
    return { messages: queue, pause: queuePause };
  };
  return {
    list,
    async add(text, { images = [], idempotencyKey } = {}) {
      const id = idempotencyKey ?? `m${(await list()).messages.length + 1}`;
      const message = { text, images: [...images] };
      tell(`queue ${text}`, { type: 'message.queued', messageId: id, ...message });
      return { id, ...message };
    },
    edit: async (id, text) => tell(`edit ${id} ${text}`, { type: 'message.queued', messageId: id, text, images: [] }),
    async move(id, before) {
      const others = (await list()).messages.flatMap((message) => (message.id === id ? [] : [message.id]));
      const at = before === null ? others.length : others.indexOf(before);
      tell(`move ${id} ${before}`, { type: 'queue.ordered', messageIds: others.toSpliced(at, 0, id) });
    },
    remove: async (id) => tell(`dequeue ${id}`, { type: 'message.dequeued', messageId: id }),
    async clear() {
      note('clear');
      for (const { id } of (await list()).messages) run.emit({ type: 'message.dequeued', messageId: id });
    },
    hold: async (id) => tell(`hold ${id}`, { type: 'message.held', messageId: id }),
    release: async (id) => tell(`release ${id}`, { type: 'message.released', messageId: id }),
    pause: async () => tell('pause queue', { type: 'queue.paused', reason: 'wish' }),
    resume: async () => tell('resume queue', { type: 'queue.resumed' }),
  };
}
