import { z } from 'zod';
import { errorRecordSchema } from './outcome.ts';
import { MAX_SEED_FILE_BYTES } from './seed.ts';
import { seedNameSchema } from './seed-name.ts';

/** How somebody logs in: with a code on any device, or in a browser on the machine that will use the login. */
const loginMethodSchema = z.enum(['deviceCode', 'browser']);

/** A login with ChatGPT that is to become a seed. */
export const newSeedLoginSchema = z.strictObject({
  /** What to call the seed. */
  id: seedNameSchema,
  /** Which pool it belongs to (none). */
  pool: seedNameSchema.optional(),
  /** How to log in (`deviceCode`). */
  method: loginMethodSchema.optional(),
  /** A config.toml to go with it, of which the harmless settings are kept. */
  config: z.string().max(MAX_SEED_FILE_BYTES).optional(),
  /** Give a seed that is there a new login, of the same account (false). Its `config.toml` stays, unless one is given. */
  again: z.boolean().optional(),
});
export type NewSeedLogin = z.infer<typeof newSeedLoginSchema>;

/** Where a login stands: under way are the first three. `saving`: somebody has logged in. */
export const seedLoginStateSchema = z.enum(['starting', 'waiting', 'saving', 'done', 'failed', 'cancelled', 'expired']);
export type SeedLoginState = z.infer<typeof seedLoginStateSchema>;

/** A login that is under way, or is over. */
export const seedLoginSchema = z.object({
  id: z.string(),
  /** The seed that it becomes. */
  seed: seedNameSchema,
  pool: z.string().nullable(),
  method: loginMethodSchema,
  state: seedLoginStateSchema,
  /** Where somebody logs in; null until it waits for that. */
  url: z.string().nullable(),
  /** What to enter there; null for a browser. */
  userCode: z.string().nullable(),
  startedAt: z.string(),
  /** When it is given up. */
  expiresAt: z.string(),
  /** Why it has failed. */
  error: errorRecordSchema.nullable(),
  /**
   * The file on the machine of optio-codex in which a login lies that could not be saved: it can be saved by hand, or discarded. Null
   * where there is none.
   */
  keptIn: z.string().nullable(),
});
export type SeedLogin = z.infer<typeof seedLoginSchema>;

/** How long whoever has seen a state waits for another one, in milliseconds. */
export const LOGIN_WAIT_MS = 25_000;

export interface SeedLoginQuery {
  /** Wait until its state is another one than this, for 25 s at most. */
  readonly seen?: SeedLoginState | undefined;
}

/** Nothing more comes of it. */
export function isOver({ state }: Pick<SeedLogin, 'state'>): boolean {
  return state !== 'starting' && state !== 'waiting' && state !== 'saving';
}
