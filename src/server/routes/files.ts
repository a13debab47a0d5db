import { posix } from 'node:path';
import type { fileRoutes } from '../../contract/routes/files.ts';
import type { Handlers, ServerContext } from '../handler.ts';

export function fileHandlers({ api }: ServerContext): Handlers<keyof typeof fileRoutes> {
  return {
    listFiles: async ({ params, query }) => (await api.find(params.run)).listFiles(query.path),
    async readFile({ params, query: { path } }) {
      const content = await (await api.find(params.run)).readFile(path);
      return { name: posix.basename(path) || 'file', content };
    },
    writeFile: async ({ params, query, body }) => (await api.find(params.run)).writeFile(query.path, body),
  };
}
