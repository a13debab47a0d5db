import { type ConfigOptions, readConfig } from './config.ts';
import type { Check } from './contract/doctor.ts';
import { diagnose } from './doctor.ts';
import { localHost } from './optio.ts';

// The rest of what is composed lies in compose/: a command that only asks a server need not load what makes one.

/** Looks at this machine, one check after the other, also while another process has the data directory. */
export function checkMachine(signal: AbortSignal, options: ConfigOptions = {}): AsyncIterable<Check> {
  const config = readConfig(options);
  return diagnose({ config, host: localHost(config), signal });
}
