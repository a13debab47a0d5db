import type { IncomingMessage } from 'node:http';
import { OptioError } from '../errors.ts';

export interface OriginRules {
  /** The port on which we answer; `undefined` on a unix socket, where whatever is local has been let in by its file. */
  readonly port: number | undefined;
  /** More hosts that we answer for: a name for any port, or `name:port`. */
  readonly allowedHosts: readonly string[];
  /** A reverse proxy of ours stands before us: what it says of its client holds. */
  readonly trustProxy: boolean;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** What a person may go to by a link from elsewhere: nothing of it can be read by the page that has the link. */
const isVisit = ({ method, headers }: IncomingMessage) =>
  (method === 'GET' || method === 'HEAD') &&
  headers['sec-fetch-mode'] === 'navigate' &&
  headers['sec-fetch-dest'] === 'document';

/**
 * The address that the caller has asked, as `http://HOST`. Throws `forbidden` for a host that is not ours (a name that somebody
 * has pointed at this machine), and for what a page of another origin sends.
 */
export function checkOrigin(incoming: IncomingMessage, rules: OriginRules): string {
  const { headers } = incoming;
  const host = (forwarded(incoming, 'x-forwarded-host', rules) ?? headers.host ?? '').toLowerCase();
  if (!isOurs(host, rules)) {
    throw new OptioError(
      'forbidden',
      `this server does not answer for the host ${JSON.stringify(host.slice(0, 200))}`,
      {
        remedy: 'Call it by the address that it says when it starts, or allow this host.',
      },
    );
  }
  const isSecure = forwarded(incoming, 'x-forwarded-proto', rules) === 'https';
  const ours = `${isSecure ? 'https' : 'http'}://${host}`;
  const { origin } = headers;
  if (origin !== undefined && withoutPort(origin.toLowerCase()) !== withoutPort(ours)) throw foreign(rules);
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isVisit(incoming)) throw foreign(rules);
  return ours;
}

/** Where the request came from, for limits and for the log; a proxy that is trusted knows better than we do. */
export function remoteOf(incoming: IncomingMessage, rules: OriginRules): string {
  return forwarded(incoming, 'x-forwarded-for', rules) ?? incoming.socket.remoteAddress ?? 'unix socket';
}

/** The last value is what our proxy has seen; those before it anybody may have sent. */
function forwarded(incoming: IncomingMessage, name: string, { trustProxy }: OriginRules): string | undefined {
  if (!trustProxy) return undefined;
  const value = incoming.headers[name];
  return (
    String(value ?? '')
      .split(',')
      .at(-1)
      ?.trim() || undefined
  );
}

function isOurs(host: string, { port, allowedHosts }: OriginRules): boolean {
  const allowed = allowedHosts.map((name) => name.toLowerCase());
  const name = host.replace(/:\d+$/, '');
  if (allowed.includes(host) || allowed.includes(name)) return true;
  if (!LOOPBACK.includes(name)) return false;
  return port === undefined || host === `${name}:${port}` || (port === 80 && host === name);
}

/** Browsers leave out the port that goes without saying. */
function withoutPort(origin: string): string {
  return origin.replace(/^(http:.*):80$/, '$1').replace(/^(https:.*):443$/, '$1');
}

function foreign({ trustProxy }: OriginRules): OptioError {
  return new OptioError('forbidden', 'the request comes from a page of another origin', {
    remedy: trustProxy
      ? 'Open the page of this server itself; its proxy has to say X-Forwarded-Proto and X-Forwarded-Host.'
      : 'Open the page of this server itself; behind a reverse proxy, let the server trust it.',
  });
}
