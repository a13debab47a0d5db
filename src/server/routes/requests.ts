import type { requestRoutes } from '../../contract/routes/requests.ts';
import { OptioError } from '../../errors.ts';
import type { Handlers, ServerContext } from '../handler.ts';

export function requestHandlers({ api }: ServerContext): Handlers<keyof typeof requestRoutes> {
  return {
    listRequests: async () => ({ requests: await api.requests() }),
    listRequestsOfRun: async ({ params }) => ({ requests: await api.requests((await api.find(params.run)).id) }),
    async answerRequest({ params, body: { answer, by, via }, caller }) {
      if (by !== undefined && !caller.isOwner) {
        throw new OptioError('forbidden', `the token "${caller.name}" cannot answer in the name of others`, {
          remedy: 'Leave out `by`, or use the token of the data directory.',
        });
      }
      await (await api.find(params.run)).answer(params.request, answer, { by: by ?? caller.name, via });
    },
  };
}
