import { z } from 'zod';
import { ROLES } from './role.ts';
import { columnTextSchema } from './tags.ts';

export const roleSchema = z.enum(ROLES);

/** Lets somebody in, besides the token of the data directory. Times are ISO 8601, in UTC. */
export const tokenInfoSchema = z.object({
  id: z.string(),
  /** Stands in the record of what is done with it. */
  name: z.string(),
  role: roleSchema,
  createdAt: z.string(),
  /** It lets nobody in after this time; null when it always does. */
  expiresAt: z.string().nullable(),
});
export type TokenInfo = z.infer<typeof tokenInfoSchema>;

export const newTokenSchema = z.strictObject({
  name: columnTextSchema.min(1).max(100),
  role: roleSchema,
  /** For how long it holds, in milliseconds (for ever; 100 years at most). */
  ttlMs: z
    .number()
    .int()
    .positive()
    .max(100 * 365 * 86_400_000)
    .optional(),
});
export type NewToken = z.infer<typeof newTokenSchema>;

/** A token that was made just now: `secret` is told this once, and kept nowhere. */
export const createdTokenSchema = tokenInfoSchema.extend({ secret: z.string() });
export type CreatedToken = z.infer<typeof createdTokenSchema>;
