import type { journalRoutes } from '../../contract/routes/journal.ts';
import { streamEvents } from '../event-stream.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { readEnd, readPage } from '../journal-page.ts';
import { lastEventId } from '../last-event-id.ts';

const PAGE = 1_000;
const TYPES = { md: 'text/markdown', json: 'application/json' } as const;

export function journalHandlers({ api, closing, streams }: ServerContext): Handlers<keyof typeof journalRoutes> {
  return {
    async readEvents({ params, query, incoming, outgoing }) {
      const after = lastEventId(incoming) ?? query.after ?? 0;
      const handle = await api.find(params.run);
      await streamEvents(outgoing, { ...streams, handle, after, closing });
    },
    async readJournal({ params, query: { after = 0, limit = PAGE, last } }) {
      const handle = await api.find(params.run);
      return last === undefined ? readPage(handle, after, limit) : readEnd(handle, last);
    },
    showView: async ({ params }) => ({ ...(await (await api.find(params.run)).view()) }),
    async exportRun({ params, query: { format = 'md' } }) {
      const handle = await api.find(params.run);
      return { type: TYPES[format], name: `${handle.id}.${format}`, pieces: handle.export(format) };
    },
  };
}
