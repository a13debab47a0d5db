import { join } from 'node:path';
import type { Page } from './app.ts';
import { PAGE_HEADERS } from './html.ts';
import { type DocumentOptions, openApiDocument } from './openapi.ts';
import { referencePage } from './reference-page.ts';

interface DocumentPagesOptions extends DocumentOptions {
  /** Of the server, on its machine. */
  readonly dataDir: string;
}

/** The API as a document for programs, and as a page for people; made when somebody asks for the first time. */
export function documentPages({ dataDir, ...options }: DocumentPagesOptions): Page[] {
  let document: ReturnType<typeof openApiDocument> | undefined;
  let text: string | undefined;
  const made = () => {
    document ??= openApiDocument(options);
    return document;
  };
  return [
    {
      name: 'openapi',
      method: 'GET',
      path: '/api/openapi.json',
      role: 'viewer',
      answer({ outgoing }) {
        text ??= JSON.stringify(made());
        outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
      },
    },
    {
      name: 'docs',
      method: 'GET',
      path: '/api/docs',
      role: 'viewer',
      answer({ outgoing, origin }) {
        const url = origin + options.basePath;
        outgoing.writeHead(200, PAGE_HEADERS).end(referencePage(made(), { url, tokenFile: join(dataDir, 'token') }));
      },
    },
  ];
}
