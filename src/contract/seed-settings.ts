import { z } from 'zod';
import { MAX_SEED_FILE_BYTES } from './seed.ts';

/** The settings of a seed, as they are lent to runs. */
export const seedConfigSchema = z.object({
  /** The number of the content in which they are. */
  version: z.number(),
  /** By their names in a config.toml. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** The same as a config.toml; empty where there are none. */
  config: z.string(),
});
export type SeedConfig = z.infer<typeof seedConfigSchema>;

/** Other settings for a seed, in the place of all that it has. */
export const newSeedConfigSchema = z.strictObject({
  /** A config.toml, of which the harmless settings are kept; an empty one takes all of them away. */
  config: z.string().max(MAX_SEED_FILE_BYTES),
});
export type NewSeedConfig = z.infer<typeof newSeedConfigSchema>;

/** The settings that a seed has got. */
export const savedSeedConfigSchema = seedConfigSchema.extend({
  /** What of the config.toml was left out, by its names on the first level. */
  dropped: z.array(z.string()),
});
export type SavedSeedConfig = z.infer<typeof savedSeedConfigSchema>;
