import { z } from 'zod';

/** One thing that was looked at on this machine. */
export const checkSchema = z.object({
  name: z.string(),
  /** `warning`: it works, and could be better. */
  status: z.enum(['ok', 'warning', 'failed']),
  /** What was seen. */
  detail: z.string(),
  /** What to do about it. */
  remedy: z.string().optional(),
});
export type Check = z.infer<typeof checkSchema>;
