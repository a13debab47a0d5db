import type { Settings } from '../config/settings.ts';
import type { RunFlags } from './flags.ts';

/** The flags of `run`, and for those that were not given what the configuration says. */
export function withSettings(flags: RunFlags, settings: Settings): RunFlags {
  const { 'run.model': model, 'run.effort': effort, 'run.sandbox': sandbox, 'run.approve': approve } = settings;
  return {
    ...(model !== undefined && { model }),
    ...(effort !== undefined && { effort }),
    ...(sandbox && { sandbox }),
    ...(approve && { approve }),
    ...flags,
  };
}
