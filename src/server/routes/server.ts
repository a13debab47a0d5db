import type { serverRoutes } from '../../contract/routes/server.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { unlessStopped } from '../waiting.ts';

export function serverHandlers({ api, info, onStop, closing }: ServerContext): Handlers<keyof typeof serverRoutes> {
  return {
    showServer: async ({ caller: { name, role } }) => ({ ...info, caller: { name, role } }),
    stopServer: ({ body }) => onStop(body),
    showStats: () => api.stats(),
    listModels: async () => ({ models: await unlessStopped(api.models(), closing) }),
    checkMachine: async () => ({ checks: await unlessStopped(api.doctor(), closing) }),
    listTokens: async () => ({ tokens: await api.tokens() }),
    createToken: ({ body, once }) => api.createToken(body, once),
    removeToken: ({ params }) => api.removeToken(params.token),
  };
}
