import { z } from 'zod';
import type { LaunchOptions } from '../contract/api.ts';
import { budgetSchema } from '../contract/budget.ts';
import { launchOptionsSchema } from '../contract/launch-options.ts';
import { tagsSchema } from '../contract/tags.ts';
import { OptioError } from '../errors.ts';

const launchSchema = z.object({
  name: launchOptionsSchema.shape.name,
  metadata: tagsSchema.optional(),
  budget: budgetSchema.optional(),
  /** Of 32 bits: its column has no more in PostgreSQL. */
  priority: z.int32().optional(),
  notBefore: z.date().optional(),
  whenFull: z.enum(['wait', 'refuse']).optional(),
});

/** Throws `invalid-input`, with the field that is at fault, for a launch with something in it that makes no sense. */
export function checkLaunch(options: LaunchOptions): void {
  const issue = launchSchema.safeParse(options).error?.issues[0];
  if (!issue) return;
  const field = issue.path.join('.');
  throw new OptioError('invalid-input', `${field}: ${issue.message}`, {
    field,
    remedy: 'Correct it as the message says; nothing was launched.',
  });
}
