import { connectTo, type OptioClient } from '../client/client.ts';
import { type ConfigOptions, type OptioConfig, readConfig } from '../config.ts';
import type { StopReport, StopServer } from '../contract/server-info.ts';
import { ensureServer } from './ensure.ts';
import { localAddress, localClient } from './local-client.ts';
import { findRunning, stopRunning } from './running.ts';
import { readToken } from './token-file.ts';

/**
 * A client of the server that the configuration names, or of that of the data directory, which is started when none runs, also
 * when it is lost later on. Throws `invalid-config`, `unauthorized`, `data-directory-busy`, `server-unreachable`.
 */
export async function connect(options: ConfigOptions = {}): Promise<OptioClient> {
  const config = readConfig(options);
  const elsewhere = clientOf(config);
  if (elsewhere) return elsewhere;
  await ensureServer(config);
  const { dataDir } = config;
  return localClient(dataDir, {
    reconnect: async () => {
      await ensureServer(config);
      return localAddress(dataDir);
    },
  });
}

/** The same, where a server runs by now; undefined otherwise. */
export async function connectRunning(options: ConfigOptions = {}): Promise<OptioClient | undefined> {
  const config = readConfig(options);
  const elsewhere = clientOf(config);
  if (elsewhere) return elsewhere;
  return (await findRunning(config.dataDir)) && localClient(config.dataDir, { patienceMs: 0 });
}

/** Stops the server, and tells what it leaves; undefined when none runs. */
export async function stopServer(stop: StopServer, options: ConfigOptions = {}): Promise<StopReport | undefined> {
  const config = readConfig(options);
  const elsewhere = clientOf(config);
  if (!elsewhere) return stopRunning(config.dataDir, stop);
  try {
    return await elsewhere.stopServer(stop);
  } finally {
    await elsewhere.close();
  }
}

/** A client of a server that is not that of the data directory. */
function clientOf({ settings, env, dataDir }: OptioConfig): OptioClient | undefined {
  const url = settings['server.url'];
  if (url === undefined) return undefined;
  const token = env.OPTIO_CODEX_TOKEN || readToken(settings['server.tokenFile'] ?? `${dataDir}/token`);
  return connectTo({ url, token });
}
