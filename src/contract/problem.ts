import { z } from 'zod';
import { errorRecordSchema } from './outcome.ts';

/** An error over HTTP, as RFC 9457 describes it, with what an error of ours says besides. */
export const problemSchema = errorRecordSchema.extend({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  /** The same as `message`. */
  detail: z.string(),
  /** Why a launch was refused. */
  reason: z.enum(['not-found', 'not-launchable', 'at-limit', 'blocked', 'shutting-down']).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
