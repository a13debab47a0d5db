import type { serverRoutes } from '../../contract/routes/server.ts';
import { OptioError } from '../../errors.ts';
import { tokenIn } from '../caller.ts';
import { completeDirectory } from '../directories.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { unlessStopped } from '../waiting.ts';

export function serverHandlers({
  api,
  info,
  onStop,
  links,
  closing,
}: ServerContext): Handlers<keyof typeof serverRoutes> {
  return {
    showServer: async ({ caller: { name, role } }) => ({ ...info, caller: { name, role } }),
    stopServer: ({ body }) => onStop(body),
    async createLoginLink({ incoming }) {
      const secret = tokenIn(incoming.headers.authorization ?? '');
      // A session is a browser's, which is let in already.
      if (secret === '')
        throw new OptioError('invalid-input', 'a link is made with a token, and not with a session', {
          remedy: 'Send the header Authorization: Bearer TOKEN.',
        });
      return links.make(secret);
    },
    showStats: () => api.stats(),
    listModels: async () => ({ models: await unlessStopped(api.models(), closing) }),
    listDirectories: async ({ query }) => ({ directories: await completeDirectory(query.path, info.dataDir) }),
    checkMachine: async () => ({ checks: await unlessStopped(api.doctor(), closing) }),
    listTokens: async () => ({ tokens: await api.tokens() }),
    createToken: ({ body, once }) => api.createToken(body, once),
    removeToken: ({ params }) => api.removeToken(params.token),
  };
}
