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
    writeFile: async ({ params, query, body }) => (await api.find(params.run)).writeFile(query.path, body),
  };
}
