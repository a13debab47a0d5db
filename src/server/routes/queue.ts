import type { queueRoutes } from '../../contract/routes/queue.ts';
import { checkTalk } from '../confinement.ts';
import type { Handlers, ServerContext } from '../handler.ts';

export function queueHandlers({ api }: ServerContext): Handlers<keyof typeof queueRoutes> {
  const queueOf = async (run: string) => (await api.find(run)).queue;
  return {
    showQueue: async ({ params }) => (await queueOf(params.run)).list(),
    async queueMessage({ params, body: { text, images }, caller, once }) {
      const handle = await api.find(params.run);
      await checkTalk(caller, handle);
      return handle.queue.add(text, { images, by: caller.name, ...once });
    },
    async editQueued({ params, body: { text, was }, caller }) {
      const handle = await api.find(params.run);
      await checkTalk(caller, handle);
      await handle.queue.edit(params.message, text, { was });
    },
    moveQueued: async ({ params, body: { before } }) => (await queueOf(params.run)).move(params.message, before),
    removeQueued: async ({ params }) => (await queueOf(params.run)).remove(params.message),
    clearQueue: async ({ params }) => (await queueOf(params.run)).clear(),
    holdQueued: async ({ params }) => (await queueOf(params.run)).hold(params.message),
    releaseQueued: async ({ params }) => (await queueOf(params.run)).release(params.message),
    pauseQueue: async ({ params }) => (await queueOf(params.run)).pause(),
    resumeQueue: async ({ params }) => (await queueOf(params.run)).resume(),
  };
}
