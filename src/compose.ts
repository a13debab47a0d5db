import { type ConfigOptions, readConfig } from './config.ts';
import type { Check } from './contract/doctor.ts';
import { diagnose } from './doctor.ts';
import { localHost } from './optio.ts';

export { type ConnectOptions, connect, stopServer } from './compose/connect.ts';
export { type Served, type ServeOptions, serve } from './compose/serve.ts';
export { serveInBackground } from './compose/serve-in-background.ts';

/** Looks at this machine, one check after the other, also while another process has the data directory. */
export function checkMachine(signal: AbortSignal, options: ConfigOptions = {}): AsyncIterable<Check> {
  const config = readConfig(options);
  return diagnose({ config, host: localHost(config), signal });
}
