import { sendJson } from './answer.ts';
import type { Page } from './app.ts';

export interface RootPagesOptions {
  readonly version: string;
  readonly basePath: string;
}

/** What is answered outside of the API: that we are alive, and where to look. */
export function rootPages({ version, basePath }: RootPagesOptions): Page[] {
  return [
    {
      name: 'health',
      method: 'GET',
      path: '/healthz',
      role: null,
      answer: ({ outgoing }) => sendJson(outgoing, 200, { status: 'ok', version }),
    },
    {
      name: 'root',
      method: 'GET',
      path: '/',
      role: null,
      answer: ({ outgoing }) => void outgoing.writeHead(302, { Location: `${basePath}/api/docs` }).end(),
    },
  ];
}
