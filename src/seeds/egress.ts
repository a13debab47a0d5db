import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent, fetch as undiciFetch } from 'undici';
import { OptioError } from '../errors.ts';

/** Where codex looks for authorities of the user's own, the first one first. */
const AUTHORITY_VARIABLES = ['CODEX_CA_CERTIFICATE', 'SSL_CERT_FILE'] as const;

/** A way to the provider. */
export interface Egress {
  readonly fetch: typeof globalThis.fetch;
  close(): Promise<void>;
}

/**
 * Goes to the provider by the way that codex goes: through the proxy and with the authorities that the environment names.
 * Each request has a connection of its own, for one that has gone stale could swallow a request, and with it a token.
 * Throws `invalid-config` when the file of the authorities cannot be read.
 */
export function openEgress(env: Readonly<Record<string, string | undefined>>): Egress {
  const ca = readAuthorities(env);
  const agent = new EnvHttpProxyAgent({
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    pipelining: 0,
    ...(ca && { connect: { ca }, requestTls: { ca }, proxyTls: { ca } }),
  });
  const fetch = (input: unknown, init: unknown) =>
    undiciFetch(input as string, { ...(init as object), dispatcher: agent } as never);
  return { fetch: fetch as unknown as typeof globalThis.fetch, close: () => agent.destroy() };
}

function readAuthorities(env: Readonly<Record<string, string | undefined>>): string[] | undefined {
  const variable = AUTHORITY_VARIABLES.find((name) => env[name]);
  if (!variable) return undefined;
  const file = env[variable] ?? '';
  try {
    return [...rootCertificates, readFileSync(file, 'utf8')];
  } catch (cause) {
    throw new OptioError('invalid-config', `the certificates that ${variable} names cannot be read: ${file}`, {
      field: variable,
      remedy: 'Name a readable file of PEM certificates, or unset the variable.',
      cause,
    });
  }
}
