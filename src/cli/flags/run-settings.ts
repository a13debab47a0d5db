import type { Settings } from '../../config/settings.ts';
import type { RunFlags } from './run-flags.ts';

/**
 * The flags of `run`, and for those that were not given what the configuration says of every run. What `--use-config` takes over
 * from Codex's own configuration is a flag, too.
 */
export function withSettings(flags: RunFlags, settings: Settings): RunFlags {
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
