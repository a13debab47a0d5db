import { type ConfigOptions, readConfig } from './config.ts';
import type { OptioApi } from './contract/api.ts';
import type { Check } from './contract/doctor.ts';
import { diagnose } from './doctor.ts';
import { OptioError } from './errors.ts';
import { localHost, Optio } from './optio.ts';

export interface ConnectOptions extends ConfigOptions {
  /** Begin a server where none answers (true). */
  readonly start?: boolean;
}

/**
 * An OptioApi for the command line; one in this process, until there is a server to ask. Throws `server-unreachable` where
 * none answers and none is to be begun.
 */
export async function connect({ start = true, ...options }: ConnectOptions = {}): Promise<OptioApi> {
  if (!start) throw new OptioError('server-unreachable', 'no server answers', { remedy: 'Start one.' });
  return Optio.open(options);
}

/** Looks at this machine, one check after the other, also while another process has the data directory. */
export function checkMachine(signal: AbortSignal, options: ConfigOptions = {}): AsyncIterable<Check> {
  const config = readConfig(options);
  return diagnose({ config, host: localHost(config), signal });
}
