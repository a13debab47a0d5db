import type { seedRoutes } from '../../contract/routes/seeds.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { invalidInput } from '../http-error.ts';

export function seedHandlers({ api }: ServerContext): Handlers<keyof typeof seedRoutes> {
  return {
    listSeeds: async () => ({ seeds: await api.listSeeds() }),
    addSeed({ params, body }) {
      if (body.id === params.seed) return api.addSeed(body);
      throw invalidInput('id', 'it is not that of the address', 'Say the same in both.');
    },
    undoSeed: ({ params, body }) => api.undoSeed(params.seed, body),
    verifySeed: ({ params, body }) => api.verifySeed(params.seed, body),
    removeSeed: ({ params, query }) => api.removeSeed(params.seed, { force: query.force === 'true' }),
  };
}
