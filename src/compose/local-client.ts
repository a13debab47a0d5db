import { connectTo, type OptioClient } from '../client/client.ts';
import type { ConnectOptions } from '../client/connection.ts';
import { socketOf } from './server-record.ts';
import { fetchOver } from './socket-fetch.ts';
import { ownToken } from './token-file.ts';

/** A client of the server of a data directory, over the socket in it. Throws `unauthorized` where no token can be read, or made. */
export async function localClient(
  dataDir: string,
  options: Omit<ConnectOptions, 'url' | 'token' | 'fetch'> = {},
): Promise<OptioClient> {
  const address = await localAddress(dataDir);
  const over = fetchOver(socketOf(dataDir));
  return connectTo({ ...options, ...address, fetch: over.fetch, onClose: () => over.close() });
}

/** Where it answers, and what lets one in. Of the address only the path counts. */
export async function localAddress(dataDir: string): Promise<{ readonly url: string; readonly token: string }> {
  return { url: 'http://localhost', token: await ownToken(dataDir) };
}
