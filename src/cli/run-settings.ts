import { type ConfigOptions, readConfig } from '../config.ts';
import type { RunFlags } from './flags.ts';

/**
 * The flags of `run`, with what the configuration says of every run where no flag says otherwise. What `--use-config` takes over
 * from Codex's own configuration is a flag, too. Throws `invalid-config`.
 */
export function withSettings(flags: RunFlags, options: ConfigOptions = {}): RunFlags {
  const { settings } = readConfig(options);
  const { 'run.model': model, 'run.effort': effort, 'run.sandbox': sandbox, 'run.approve': approve } = settings;
  const takenOver = flags.useConfig ?? [];
  return {
    ...(model !== undefined && !takenOver.includes('model') && { model }),
    ...(effort !== undefined && !takenOver.includes('effort') && { effort }),
    ...(sandbox && { sandbox }),
    ...(approve && { approve }),
    ...flags,
  };
}
