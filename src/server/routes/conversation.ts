import type { conversationRoutes } from '../../contract/routes/conversation.ts';
import { checkTalk } from '../confinement.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { unlessStopped } from '../waiting.ts';

export function conversationHandlers({ api, closing }: ServerContext): Handlers<keyof typeof conversationRoutes> {
  return {
    async sendMessage({ params, body: { text, steer = false, images }, caller, once }) {
      const handle = await api.find(params.run);
      await checkTalk(caller, handle);
      const { id, after } = await unlessStopped(handle.send(text, { steer, images, ...once }), closing);
      return { turnId: id, ...(after !== undefined && { after }) }; // whoever wants to know how it ends reads the journal
    },
    async interruptRun({ params, body: { turnId } }) {
      await (await api.find(params.run)).interrupt(turnId === undefined ? {} : { turnId });
    },
    async showControls({ params }) {
      const { controls } = await (await api.find(params.run)).view();
      return { controls };
    },
    async changeControls({ params, body: { model, effort }, caller }) {
      const handle = await api.find(params.run);
      await checkTalk(caller, handle);
      if (model !== undefined) await unlessStopped(handle.requestModelChange(model), closing);
      if (effort !== undefined) await unlessStopped(handle.requestEffortChange(effort), closing);
    },
  };
}
