import { sendJson } from './answer.ts';
import type { Page } from './app.ts';

export interface RootPagesOptions {
  readonly version: string;
}

/** What is answered outside of the API: that we are alive. */
export function rootPages({ version }: RootPagesOptions): Page[] {
  return [
    {
      name: 'health',
      method: 'GET',
      path: '/healthz',
      role: null,
      answer: ({ outgoing }) => sendJson(outgoing, 200, { status: 'ok', version }),
    },
  ];
}
