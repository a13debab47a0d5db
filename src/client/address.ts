import { OptioError } from '../errors.ts';

/** `fetch`, as far as it is used: one of your own may go over a unix socket, or through a proxy. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Where a server answers, and what lets one in. */
export interface ServerAddress {
  /** Its address, with the base path when it has one: `http://127.0.0.1:7420`. In a page it may be a path. */
  readonly url: string;
  /** The token; none where the cookie of a session lets one in. */
  readonly token?: string;
  /** How its requests are sent (the `fetch` of where this runs). */
  readonly fetch?: Fetch;
}

/** An address that requests can be sent to. */
export interface CheckedAddress {
  /** Without a slash at its end, so that the path of a route can follow. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
}

/** Throws `invalid-input` for what could never work, so that nobody tries it again and again. */
export function checkAddress({ url, token, fetch }: ServerAddress): CheckedAddress {
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new OptioError('invalid-input', 'token: it is empty, or holds characters that no token has', {
      field: 'token',
      remedy: 'Give what is in the file `token` of the data directory, without the line break.',
    });
  }
  return {
    base: baseOf(url),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    fetch: fetch ?? ((to, init) => globalThis.fetch(to, init)), // of a page it wants to be called as a method
  };
}

function baseOf(url: string): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const base = URL.canParse(url, location?.href) ? new URL(url, location?.href) : undefined;
  if (!base || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '') {
    throw new OptioError('invalid-input', 'url: it is not the address of a server', {
      field: 'url',
      remedy: 'Give something like http://127.0.0.1:7420, without a name or a password in it.',
    });
  }
  return base.origin + base.pathname.replace(/\/+$/, '');
}
