import { z } from 'zod';
import { seedNameSchema } from './seed-name.ts';

/** How large each file of a seed may be, in bytes. */
export const MAX_SEED_FILE_BYTES = 65_536;

/** `dead`: the provider has definitely refused it; `unknown`: nobody has asked yet, or could find out. */
const seedStateSchema = z.enum(['healthy', 'dead', 'unknown']);
export type SeedState = z.infer<typeof seedStateSchema>;
const seedKindSchema = z.enum(['chatgpt', 'apiKey']);
export type SeedKind = z.infer<typeof seedKindSchema>;

/** How runs are given it: short-lived tokens of a ChatGPT login, the login without its refresh token in a file of their own, or the key in memory. */
const seedModeSchema = z.enum(['broker', 'file', 'key']);
export type SeedMode = z.infer<typeof seedModeSchema>;

/** Whose login it is: what its provider says of that, and nothing else. */
const seedAccountSchema = z.object({
  accountId: z.string().nullable(),
  email: z.string().nullable(),
  plan: z.string().nullable(),
});
export type SeedAccount = z.infer<typeof seedAccountSchema>;

/** How much of what the plan allows within some time is used. */
const usageWindowSchema = z.object({
  /** What the provider calls it. */
  label: z.string(),
  usedPercent: z.number(),
  /** How long it is; null when that was not told. */
  minutes: z.number().nullable(),
  /** When it begins anew; null when that was not told. */
  resetsAt: z.string().nullable(),
});
export type UsageWindow = z.infer<typeof usageWindowSchema>;

/** The right to use a seed, and nobody else has it then. */
const seedLeaseSchema = z.object({
  /** The id of a run, or what it is used for. */
  holder: z.string(),
  /** Grows with each lease of this seed. */
  fence: z.number(),
  /** It runs out then, unless it is renewed. */
  expiresAt: z.string(),
});
export type SeedLease = z.infer<typeof seedLeaseSchema>;

/** A saved login, without anything that lets somebody in. Times are ISO 8601, in UTC. */
export const seedSummarySchema = z.object({
  id: z.string(),
  /** Seeds that stand for each other; null when it is in no pool. */
  pool: z.string().nullable(),
  kind: seedKindSchema,
  /** How runs are given it, unless they ask for the file. `file` is what is left where a login does not say whose it is. */
  mode: seedModeSchema,
  state: seedStateSchema,
  /** Why it is in that state; null when nothing is to be said. */
  reason: z.string().nullable(),
  /** Since when it is. */
  since: z.string(),
  /** The number of its current content. */
  version: z.number(),
  /** Null for a key, which does not say whose it is. */
  account: seedAccountSchema.nullable(),
  usage: z.array(usageWindowSchema),
  /** Null when nobody uses it. */
  lease: seedLeaseSchema.nullable(),
  /** The runs that use it now, by their ids. */
  runs: z.array(z.string()),
  /** When its tokens were made; null for a key, and when it does not say. */
  refreshedAt: z.string().nullable(),
  /** When its access token ends; null for a key, and when it does not say. */
  accessExpiresAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  lastLeasedAt: z.string().nullable(),
});
export type SeedSummary = z.infer<typeof seedSummarySchema>;

const fileSchema = z.string().max(MAX_SEED_FILE_BYTES);

/** A login to be saved: either `auth` or `apiKey`. */
export const newSeedSchema = z.strictObject({
  /** What to call it. */
  id: seedNameSchema,
  /** Which pool it belongs to (none). */
  pool: seedNameSchema.optional(),
  /** The content of an auth.json, as `codex login` has written it. Nobody else may go on using that: its refresh token works once. */
  auth: fileSchema.min(1).optional(),
  /** A key of OpenAI's. */
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]{8,1000}$/, 'a key is one line of 8 to 1000 visible characters')
    .optional(),
  /** A config.toml to go with it, of which the harmless settings are kept. */
  config: fileSchema.optional(),
  /** Give a seed that is there a new login of the same account, or a new key (false). Its `config.toml` stays, unless one is given. */
  again: z.boolean().optional(),
});
export type NewSeed = z.infer<typeof newSeedSchema>;

/** Which earlier content of a seed is to be the current one again. */
export const undoSeedSchema = z.strictObject({
  /** The number of that content (the one before the current). */
  to: z.number().int().positive().optional(),
});
export type UndoSeed = z.infer<typeof undoSeedSchema>;

export interface RemoveSeedOptions {
  /** Also while somebody uses it, who can then save nothing of it any more (false). */
  readonly force?: boolean;
}

/** Whether a login is still good: `unknown` where the provider did not say. */
const seedVerdictSchema = z.enum(['alive', 'dead', 'unknown']);

/** How a login is looked at. */
export const verifySeedSchema = z.strictObject({
  /** Whether its tokens are renewed: `stale` when they are old, or refused (the default). */
  refresh: z.enum(['stale', 'always', 'never']).optional(),
});
export type VerifySeed = z.infer<typeof verifySeedSchema>;

/** What was found out about a login. */
export const seedVerificationSchema = z.object({
  verdict: seedVerdictSchema,
  /** Why, for people; null where nothing is to be said. */
  reason: z.string().nullable(),
  /** Its tokens were renewed. */
  isRefreshed: z.boolean(),
  seed: seedSummarySchema,
});
export type SeedVerification = z.infer<typeof seedVerificationSchema>;
