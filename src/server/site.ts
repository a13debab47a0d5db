import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Page } from './app.ts';
import type { Exchange } from './exchange.ts';
import { escapeHtml } from './html.ts';

export interface SiteOptions {
  /** Where the built page lies; without one there is none. */
  readonly directory: string | undefined;
  readonly basePath: string;
}

/** The addresses of its screens, for which there is one document. */
const SCREENS = ['/', '/runs/:run', '/new', '/requests', '/tasks', '/tasks/:task', '/seeds', '/settings'] as const;

/** The page as it is answered. */
export interface Site {
  /** Its document, which anybody may see, since it holds nothing; and the files that belong to it. */
  readonly pages: readonly Page[];
  /** Answers a browser where there is nothing: the page says so as well, and how one gets on. Where there is no page, nothing is. */
  readonly answerMissing: ((exchange: Exchange) => void) | undefined;
}

export function openSite({ directory, basePath }: SiteOptions): Site {
  if (directory === undefined || !existsSync(join(directory, 'index.html')))
    return { pages: [toReference(basePath)], answerMissing: undefined };
  const document = readFileSync(join(directory, 'index.html'), 'utf8').replace(
    '<base href="/" />',
    `<base href="${escapeHtml(basePath)}/" />`,
  );
  const files = new SiteFiles(directory);
  const send = ({ outgoing }: Exchange, status: number) => {
    outgoing.writeHead(status, DOCUMENT_HEADERS).end(document);
    files.readAll();
  };
  const screens = SCREENS.map(
    (path): Page => ({
      name: 'page',
      method: 'GET',
      path,
      role: null,
      answer: (exchange) => send(exchange, 200),
    }),
  );
  const assets = (['/assets/:file', '/icon.svg'] as const).map(
    (path): Page => ({
      name: 'pageFile',
      method: 'GET',
      path,
      role: null,
      answer: (exchange) => files.answer(exchange, basePath),
    }),
  );
  return { pages: [...screens, ...assets], answerMissing: (exchange) => send(exchange, 404) };
}

/** Scripts and styles come from here and nowhere else, and none stands in the document. */
const DOCUMENT_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
};

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

interface SiteFile {
  readonly plain: Buffer;
  readonly packed: Buffer | undefined;
}

/** The files of the page, each read once: there are few, and their names change with what is in them. */
class SiteFiles {
  readonly #directory: string;
  /** What was read. It is answered at once: a browser asks for many of them, one after the other, while the server has other things to do. */
  readonly #known = new Map<string, SiteFile>();
  #isReading = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Reads those that are not known yet, for whoever is going to ask for them now. */
  readAll(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const read = async () => {
      for (const name of await this.#names()) if (!this.#known.has(name)) await this.#read(name);
    };
    read()
      .catch(() => {}) // whoever asks for one is told
      .finally(() => {
        this.#isReading = false;
      });
  }

  async answer({ incoming, outgoing }: Exchange, basePath: string): Promise<void> {
    const path = new URL(incoming.url ?? '/', 'http://page').pathname;
    const name = path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
    const type = TYPES[extname(name)];
    const file = type && (this.#known.get(name) ?? (await this.#find(name)));
    if (!file) return void outgoing.writeHead(404).end();
    const isPacked = file.packed && /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? ''));
    const content = isPacked ? (file.packed as Buffer) : file.plain;
    outgoing.writeHead(200, {
      'Content-Type': type,
      'Content-Length': content.length,
      'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      Vary: 'Accept-Encoding',
      ...(isPacked && { 'Content-Encoding': 'gzip' }),
    });
    outgoing.end(incoming.method === 'HEAD' ? undefined : content);
  }

  /** Only what is listed: no name leads out of the directory. */
  async #find(name: string): Promise<SiteFile | undefined> {
    return (await this.#names()).includes(name) ? this.#read(name) : undefined;
  }

  async #names(): Promise<string[]> {
    const assets = await readdir(join(this.#directory, 'assets'));
    return ['/icon.svg', ...assets.map((file) => `/assets/${file}`)];
  }

  async #read(name: string): Promise<SiteFile> {
    const path = join(this.#directory, name);
    const plain = await readFile(path);
    const file = { plain, packed: path.endsWith('.woff2') ? undefined : await promisify(gzip)(plain) };
    this.#known.set(name, file);
    return file;
  }
}

/** Where the page was not built there is the reference at least. */
function toReference(basePath: string): Page {
  return {
    name: 'root',
    method: 'GET',
    path: '/',
    role: null,
    answer: ({ outgoing }) => void outgoing.writeHead(302, { Location: `${basePath}/api/docs` }).end(),
  };
}
