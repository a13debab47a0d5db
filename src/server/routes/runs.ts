import type { DemoOptions } from '../../contract/api.ts';
import type { runsRoutes } from '../../contract/routes/runs.ts';
import { filterOfAddress, type RunQuery } from '../../contract/run-query.ts';
import type { SearchQuery } from '../../contract/search.ts';
import { unconfinedInRun } from '../../contract/unconfined.ts';
import { checkConfinement } from '../confinement.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { runOptionsOf } from '../launch-body.ts';
import { streamUpdates } from '../update-stream.ts';

export function runsHandlers({ api, closing, streams }: ServerContext): Handlers<keyof typeof runsRoutes> {
  return {
    listRuns: ({ query: { sort, limit, cursor, ...filter } }) =>
      api.list({ ...filterOfAddress(filter), sort, limit, cursor } satisfies RunQuery),
    searchRuns: ({ query: { text, limit, cursor, ...filter } }) =>
      api.search({ ...filterOfAddress(filter), text, limit, cursor } satisfies SearchQuery),
    async startRun({ body: { spec, options = {} }, caller, once }) {
      checkConfinement(caller, unconfinedInRun(spec, options));
      return (await api.run(spec, runOptionsOf(options, once))).details();
    },
    startDemo: async ({ body, once }) => (await api.demo({ ...body, ...once } as DemoOptions)).details(),
    cancelRuns: async ({ body: { metadata, reason, block = false } }) => ({
      runs: await api.cancelGroup({ metadata }, { reason, block }),
    }),
    async watchRuns({ query: { run, after = 0, ...filter }, outgoing }) {
      // One that is not there is no stream that breaks off, but an answer.
      const follow = run === undefined ? {} : { follow: { run: (await api.find(run)).id, after } };
      return streamUpdates(outgoing, { ...streams, api, filter: filterOfAddress(filter), ...follow, closing });
    },
  };
}
