import { connectTo, type OptioClient } from '../client/client.ts';
import type { ConnectOptions } from '../client/connection.ts';
import { socketOf } from './server-record.ts';
import { fetchOver } from './socket-fetch.ts';
import { readOwnToken } from './token-file.ts';

/** A client of the server of a data directory, over the socket in it. Throws `unauthorized` where there is no token. */
export function localClient(
  dataDir: string,
  options: Omit<ConnectOptions, 'url' | 'token' | 'fetch'> = {},
): OptioClient {
  const over = fetchOver(socketOf(dataDir));
  return connectTo({ ...options, ...localAddress(dataDir), fetch: over.fetch, onClose: () => over.close() });
}

/** Where it answers, and what lets one in. Of the address only the path counts. */
export function localAddress(dataDir: string): { readonly url: string; readonly token: string } {
  return { url: 'http://localhost', token: readOwnToken(dataDir) };
}
