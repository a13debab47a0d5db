import { connectTo, type OptioClient } from '../client/client.ts';
import type { ConnectOptions as ClientOptions } from '../client/connection.ts';
import { type ConfigOptions, type OptioConfig, readConfig } from '../config.ts';
import type { StopServer } from '../contract/server-info.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { ensureServer } from './ensure.ts';
import { localAddress, localClient } from './local-client.ts';
import { findRunning, type StopRunning } from './running.ts';
import { readRecord } from './server-record.ts';
import { type StopEnd, stopHere } from './stop-here.ts';
import { readToken } from './token-file.ts';

const NAME_TOKEN =
  'Give a token of that server: in OPTIO_CODEX_TOKEN, or in a file that OPTIO_CODEX_TOKEN_FILE names. ' +
  'On its machine `optio-codex token add` makes one.';

export interface ConnectOptions extends ConfigOptions {
  /** Start a server where none runs, also when it is lost later on (true). */
  readonly start?: boolean;
}

/**
 * A client of the server that the configuration names, or of that of the data directory. Throws `invalid-config`, `unauthorized`,
 * `data-directory-busy`, and `server-unreachable` where none runs and none is to be started.
 */
export async function connect({ start = true, ...options }: ConnectOptions = {}): Promise<OptioClient> {
  const config = readConfig(options);
  const { dataDir } = config;
  const elsewhere = await clientOf(config);
  if (elsewhere) {
    await greet(config);
    return elsewhere;
  }
  if (start) {
    await ensureServer(config);
    const reconnect = async () => {
      await ensureServer(config);
      return localAddress(dataDir);
    };
    return localClient(dataDir, { reconnect });
  }
  if (await findRunning(dataDir)) return localClient(dataDir, { patienceMs: 0 });
  throw new OptioError('server-unreachable', `no server runs for ${dataDir}`, {
    remedy: 'Start one: optio-codex serve.',
  });
}

export interface StopOptions extends ConfigOptions, Pick<StopRunning, 'onStopping'> {}

/** Stops the server, and tells what it leaves; undefined when none runs. Throws what `connect` throws. */
export async function stopServer(
  how: StopServer,
  { onStopping, ...options }: StopOptions = {},
): Promise<StopEnd | undefined> {
  const config = readConfig(options);
  const elsewhere = await clientOf(config);
  if (!elsewhere) return stopHere(config.dataDir, how, { onStopping });
  try {
    return { ...(await elsewhere.stopServer(how)), hasDied: false };
  } catch (thrown) {
    throw withToken(fromUnknown(thrown), config);
  } finally {
    await elsewhere.close();
  }
}

/**
 * Whether the server that is named answers, and lets us in. Nobody here can start that one, so a wrong address is told at once; a client that has
 * found it once is patient when it goes away for a while.
 */
async function greet(config: OptioConfig): Promise<void> {
  const client = await clientOf(config, { patienceMs: 0 });
  try {
    await client?.server();
  } catch (thrown) {
    throw withToken(fromUnknown(thrown), config);
  } finally {
    await client?.close();
  }
}

/** Whoever gives a token by a variable or a file need not know how it goes over HTTP. */
function withToken(error: OptioError, { settings }: OptioConfig): OptioError {
  if (error.code !== 'unauthorized') return error;
  return new OptioError('unauthorized', `${settings['server.url']} does not let us in: ${error.message}`, {
    cause: error,
    remedy: NAME_TOKEN,
  });
}

/** A client of the server that is named; undefined when none is. Throws `unauthorized` where no token is named for it. */
async function clientOf(
  { settings, env, dataDir }: OptioConfig,
  options: Pick<ClientOptions, 'patienceMs'> = {},
): Promise<OptioClient | undefined> {
  const url = settings['server.url'];
  if (url === undefined) return undefined;
  const tokenFile = settings['server.tokenFile'];
  if (env.OPTIO_CODEX_TOKEN || tokenFile !== undefined) {
    return connectTo({ ...options, url, token: env.OPTIO_CODEX_TOKEN || readToken(tokenFile ?? '') });
  }
  // The token of this directory lets in an admin: nobody gets it but the server of the directory, at the socket that is in there.
  if (isSameAddress(url, readRecord(dataDir)?.address)) return localClient(dataDir, options);
  throw new OptioError('unauthorized', `no token is named for ${url}`, { remedy: NAME_TOKEN });
}

function isSameAddress(url: string, other: string | undefined): boolean {
  const plain = (address: string) => (URL.canParse(address) ? new URL(address).href.replace(/\/+$/, '') : address);
  return other !== undefined && plain(url) === plain(other);
}
