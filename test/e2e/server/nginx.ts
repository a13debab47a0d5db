import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { connect, type LookupFunction } from 'node:net';
import { join } from 'node:path';
import { Agent, fetch as undiciFetch } from 'undici';
import { onTestFinished } from 'vitest';
import type { Fetch } from '../../../src/client/address.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { testDirectory } from '../../support/directories.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/processes.ts';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'operations.md');
/** As the page calls it. */
export const NAME = 'codex.example.org';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The nginx of the page, in front of a server of ours. */
export interface Nginx {
  /** Where everything of the server lies. */
  readonly url: string;
  /** Trusts its certificate, and knows where the name leads. */
  readonly fetch: Fetch;
  ask(path: string, asking?: { method?: string; headers?: OutgoingHttpHeaders; body?: string }): Promise<Answer>;
}

/** Starts a real nginx with the configuration of docs/operations.md; only paths and ports, and how long it waits, are others. */
export async function startNginx(serverUrl: string, readTimeout = '120s'): Promise<Nginx> {
  const directory = testDirectory('nginx');
  mkdirSync(join(directory, 'temp'));
  const { file, cert } = makeCertificate(directory, [NAME]);
  const [port, plainPort] = [await freePort(), await freePort()];
  const configuration = [
    [' listen 443 ', ` listen 127.0.0.1:${port} `],
    [' listen 80;', ` listen 127.0.0.1:${plainPort};`],
    ['127.0.0.1:7420', new URL(serverUrl).host],
    ['/etc/ssl/codex.example.org.pem', join(directory, 'cert.pem')],
    ['/etc/ssl/codex.example.org.key', join(directory, 'key.pem')],
    ['proxy_read_timeout 120s', `proxy_read_timeout ${readTimeout}`],
    // What a package of nginx has set up for its own user.
    ['http {', `http {\naccess_log off;\n${temporaryPaths(directory)}`],
  ].reduce((text, [before = '', after = '']) => replaceOnce(text, before, after), ofPage());
  const path = join(directory, 'nginx.conf');
  writeFileSync(path, configuration);
  const user = process.getuid?.() === 0 ? ' user root;' : '';
  const globals = `daemon off; pid ${join(directory, 'nginx.pid')};${user}`;
  const nginx = spawn('nginx', ['-p', directory, '-e', 'stderr', '-c', path, '-g', globals], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: `${process.env.PATH ?? ''}:/usr/sbin` }, // where a person's PATH need not lead
  });
  let complaints = '';
  nginx.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = new Promise((resolve) => nginx.once('close', resolve).once('error', resolve));
  onTestFinished(async () => {
    nginx.kill('SIGTERM'); // its workers end with it
    await ended;
  });
  await until(async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx has ended: ${complaints}`);
    return listens(port);
  }, 'the port of nginx');
  const ca = [cert, readFileSync(file)];
  const place = { host: '127.0.0.1', port, servername: NAME, ca, agent: false };
  const lookup: LookupFunction = (_name, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]);
  const agent = new Agent({ connect: { lookup, ca }, bodyTimeout: 0 });
  onTestFinished(() => agent.destroy());
  return {
    url: `https://${NAME}:${port}/codex`,
    fetch: (url, init) => undiciFetch(url, { ...(init as object), dispatcher: agent } as never) as never,
    ask: (path, { method = 'GET', headers = {}, body = '' } = {}) =>
      new Promise((resolve, reject) => {
        const asked = request(
          { ...place, method, path, headers: { Host: `${NAME}:${port}`, ...headers } },
          async (answer) => {
            let text = '';
            for await (const chunk of answer) text += chunk;
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
          },
        );
        asked.once('error', reject).end(body);
      }),
  };
}

function ofPage(): string {
  const [, text] = /^```nginx\n([\s\S]*?)^```/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
  if (text === undefined) throw new Error('docs/operations.md has no configuration of nginx');
  return text;
}

function replaceOnce(text: string, before: string, after: string): string {
  if (text.split(before).length !== 2) throw new Error(`docs/operations.md does not say "${before}" once`);
  return text.replace(before, after);
}

function temporaryPaths(directory: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return kinds.map((kind) => `${kind}_temp_path ${join(directory, 'temp', kind)};`).join('\n');
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}
