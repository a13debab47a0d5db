import type { seedRoutes } from '../../contract/routes/seeds.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { invalidInput } from '../http-error.ts';
import { unlessStopped } from '../waiting.ts';

export function seedHandlers({ api, closing }: ServerContext): Handlers<keyof typeof seedRoutes> {
  return {
    listSeeds: async () => ({ seeds: await api.listSeeds() }),
    addSeed({ params, body }) {
      if (body.id === params.seed) return api.addSeed(body);
      throw invalidInput('id', 'it is not that of the address', 'Say the same in both.');
    },
    undoSeed: ({ params, body }) => api.undoSeed(params.seed, body),
    showSeedConfig: ({ params }) => api.seedConfig(params.seed),
    setSeedConfig: ({ params, body }) => api.setSeedConfig(params.seed, body),
    listSeedLogins: async () => ({ logins: await api.seedLogins() }),
    startSeedLogin: ({ body }) => api.startSeedLogin(body),
    showSeedLogin: ({ params, query, gone }) =>
      unlessStopped(api.seedLogin(params.login, query), AbortSignal.any([gone, closing])),
    cancelSeedLogin: ({ params }) => api.cancelSeedLogin(params.login),
    verifySeed: ({ params, body }) => api.verifySeed(params.seed, body),
    removeSeed: ({ params, query }) => api.removeSeed(params.seed, { force: query.force === 'true' }),
  };
}
