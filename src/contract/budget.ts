import { z } from 'zod';
import { OptioError } from '../errors.ts';

/** How much a run may use until somebody allows more. */
export const budgetSchema = z.strictObject({
  /** Turns with messages of ours. */
  turns: z.number().int().positive().optional(),
  /** Of all its threads, those of sub-agents too; input and output together. */
  tokens: z.number().int().positive().optional(),
  /** How long it may be under way, in milliseconds; pauses, and the time before its begin, do not count. */
  wallMs: z.number().int().positive().optional(),
  /** What happens then: it is paused until somebody allows more (`pause`), or it has failed. */
  onReached: z.enum(['pause', 'fail']).optional(),
});
export type Budget = z.infer<typeof budgetSchema>;

/** Throws `invalid-input`, with the field that is at fault, for a budget that is none. */
export function checkBudget(budget: unknown): void {
  const issue = budgetSchema.safeParse(budget).error?.issues[0];
  if (!issue) return;
  const field = ['budget', ...issue.path].join('.');
  throw new OptioError('invalid-input', `${field}: ${issue.message}`, {
    field,
    remedy: 'Give whole numbers above 0.',
  });
}
