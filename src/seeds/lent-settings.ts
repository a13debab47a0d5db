import { keepSafe, type SeedSettings } from '../contract/seed-config.ts';
import { CONFIG_FILE, type SeedFiles } from './manifest.ts';

/** What of the config.toml of a seed runs get. It is looked at once more: whoever saved it may have kept more than we would. */
export function lentSettings(files: SeedFiles): SeedSettings {
  return keepSafe(files[CONFIG_FILE] ?? '').settings;
}
