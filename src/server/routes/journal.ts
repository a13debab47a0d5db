import type { journalRoutes } from '../../contract/routes/journal.ts';
import { streamEvents } from '../event-stream.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { invalidInput } from '../http-error.ts';
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
    async readJournal({ params, query: { after, limit, last } }) {
      if (last !== undefined && (after !== undefined || limit !== undefined)) {
        throw invalidInput(
          'last',
          'it is given with `after` or `limit`',
          'Give `last` alone, for the end of the journal.',
        );
      }
      const handle = await api.find(params.run);
      return last === undefined ? readPage(handle, after ?? 0, limit ?? PAGE) : readEnd(handle, last);
    },
    showView: async ({ params }) => ({ ...(await (await api.find(params.run)).view()) }),
    async exportRun({ params, query: { format = 'md' } }) {
      const handle = await api.find(params.run);
      return { type: TYPES[format], name: `${handle.id}.${format}`, pieces: handle.export(format) };
    },
  };
}
