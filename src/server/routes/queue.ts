import type { queueRoutes } from '../../contract/routes/queue.ts';
import type { Caller } from '../caller.ts';
import { checkTalk } from '../confinement.ts';
import type { Handlers, ServerContext } from '../handler.ts';

export function queueHandlers({ api }: ServerContext): Handlers<keyof typeof queueRoutes> {
  const queueOf = async (run: string) => (await api.find(run)).queue;
  /** For what has something sent that waits, changes it or its order, or holds it, which only whoever may let it go should. */
  const queueToTalk = async (run: string, caller: Caller) => {
    const handle = await api.find(run);
    await checkTalk(caller, handle);
    return handle.queue;
  };
  return {
    showQueue: async ({ params }) => (await queueOf(params.run)).list(),
    queueMessage: async ({ params, body: { text, images }, caller, once }) =>
      (await queueToTalk(params.run, caller)).add(text, { images, by: caller.name, ...once }),
    editQueued: async ({ params, body: { text, was }, caller }) =>
      (await queueToTalk(params.run, caller)).edit(params.message, text, { was, by: caller.name }),
    moveQueued: async ({ params, body: { before }, caller }) =>
      (await queueToTalk(params.run, caller)).move(params.message, before),
    removeQueued: async ({ params }) => (await queueOf(params.run)).remove(params.message),
    clearQueue: async ({ params }) => (await queueOf(params.run)).clear(),
    holdQueued: async ({ params, caller }) => (await queueToTalk(params.run, caller)).hold(params.message),
    releaseQueued: async ({ params, caller }) => (await queueToTalk(params.run, caller)).release(params.message),
    pauseQueue: async ({ params }) => (await queueOf(params.run)).pause(),
    resumeQueue: async ({ params, caller }) => (await queueToTalk(params.run, caller)).resume(),
  };
}
