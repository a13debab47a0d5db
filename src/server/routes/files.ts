import { posix } from 'node:path';
import type { fileRoutes } from '../../contract/routes/files.ts';
import type { Handlers, ServerContext } from '../handler.ts';

export function fileHandlers({ api }: ServerContext): Handlers<keyof typeof fileRoutes> {
  return {
    listFiles: async ({ params, query }) => (await api.find(params.run)).listFiles(query.path),
    async readFile({ params, query: { path } }) {
      const file = await (await api.find(params.run)).openFile(path);
      return { name: posix.basename(path) || 'file', file };
    },
    async downloadFiles({ params, query: { path } }) {
      const run = await api.find(params.run);
      const name = posix.basename(posix.normalize(path ?? '.')).replace(/^\.*$/, run.id);
      return { name: `${name}.zip`, pieces: run.downloadFiles(path) };
    },
    listChanges: async ({ params }) => (await api.find(params.run)).listChanges(),
    readDiff: async ({ params, query }) => (await api.find(params.run)).readDiff(query.path),
    writeFile: async ({ params, query, body }) => (await api.find(params.run)).writeFile(query.path, body),
  };
}
