import { keepSafe, type SafeConfig } from '../contract/seed-config.ts';
import { type NewSeedConfig, newSeedConfigSchema, type SeedConfig } from '../contract/seed-settings.ts';
import { OptioError } from '../errors.ts';
import { CONFIG_FILE } from './manifest.ts';
import type { SeedContent } from './vault.ts';

/** What is kept of a config.toml that is to take the place of the one there is. Throws `invalid-input`: nothing goes for a slip. */
export function checkSeedConfig(given: NewSeedConfig): SafeConfig {
  const issue = newSeedConfigSchema.safeParse(given).error?.issues[0];
  if (issue) throw refused(issue.message);
  const kept = keepSafe(given.config);
  if (!kept.isToml) throw refused('it is no TOML');
  return kept;
}

/** The settings in a content, as runs are lent them. */
export function toldConfig({ version, files }: SeedContent): SeedConfig {
  const { settings, content } = keepSafe(files[CONFIG_FILE] ?? '');
  return { version, settings, config: content };
}

function refused(message: string): OptioError {
  return new OptioError('invalid-input', `config: ${message}`, {
    field: 'config',
    remedy: 'Give a config.toml of Codex, or an empty one.',
  });
}
