import { type ConfigOptions, readConfig } from './config.ts';
import type { OptioApi } from './contract/api.ts';
import type { Check } from './contract/doctor.ts';
import { diagnose } from './doctor.ts';
import { localHost, Optio } from './optio.ts';

/** An OptioApi for the command line; one in this process, until there is a server to ask. */
export async function connect(options: ConfigOptions = {}): Promise<OptioApi> {
  return Optio.open(options);
}

/** Looks at this machine, one check after the other, also while another process has the data directory. */
export function checkMachine(signal: AbortSignal, options: ConfigOptions = {}): AsyncIterable<Check> {
  const config = readConfig(options);
  return diagnose({ config, host: localHost(config), signal });
}
