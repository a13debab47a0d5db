import { z } from 'zod';
import { OptioError } from '../errors.ts';

const limit = z.number().int().nonnegative();

const limitsSchema = z.strictObject({
  /** In all. */
  total: limit.optional(),
  /** On the same host. */
  perHost: limit.optional(),
  /** With the same value of one of these tags: `{ team: 2 }` lets each team have two. */
  byTag: z.record(z.string(), limit).optional(),
});
/** How many runs may be under way at a time; what is left out has no limit. With 0 none begins. */
export type Limits = Readonly<z.infer<typeof limitsSchema>>;

/** Throws `invalid-config`, with the field that is at fault, for limits that make no sense. */
export function checkLimits(limits: unknown): void {
  const issue = limitsSchema.optional().safeParse(limits).error?.issues[0];
  if (!issue) return;
  const field = ['limits', ...issue.path].join('.');
  throw new OptioError('invalid-config', `${field}: ${issue.message}`, {
    field,
    remedy: 'Give whole numbers of runs, and leave out what is to have no limit.',
  });
}
