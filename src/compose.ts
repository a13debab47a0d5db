import type { ConfigOptions } from './config.ts';
import type { OptioApi } from './contract/api.ts';
import { Optio } from './optio.ts';

/** An OptioApi for the command line; one in this process, until there is a server to ask. */
export async function connect(options: ConfigOptions = {}): Promise<OptioApi> {
  return Optio.open(options);
}
