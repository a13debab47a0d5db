import { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { approvalRuleSchema, requestPolicySchema } from './rule.ts';
import { columnTextSchema, tagsSchema } from './tags.ts';

const name = columnTextSchema.min(1).max(200);

export const launchOptionsSchema = z.strictObject({
  /** What to call it (what its task is called). A run may be found by it. */
  name: name.optional(),
  /** What the run is given; an object adds to that of its task, by name. Instructions may name parts of it: see `RunSpec`. */
  params: z.unknown().optional(),
  /** More tags to find it by, and to limit or to block its like. */
  metadata: tagsSchema.optional(),
  /** How much it may use; what is left out is as its task says. */
  budget: budgetSchema.optional(),
  /** Higher ones begin first (0); of 32 bits, since its column has no more in PostgreSQL. */
  priority: z.int32().optional(),
  /** It does not begin before this time; ISO 8601. */
  notBefore: z.iso.datetime({ offset: true }).optional(),
  /** `refuse`: throw instead of waiting when a limit is reached (`wait`). */
  whenFull: z.enum(['wait', 'refuse']).optional(),
});

const retryPolicySchema = z.strictObject({
  /** How often in all. */
  attempts: z.number().int().positive(),
  /** Before the second attempt, in milliseconds (1,000); twice as long before each further one. */
  backoffMs: z.number().int().nonnegative().optional(),
  /** No pause is longer, in milliseconds (300,000). */
  maxBackoffMs: z.number().int().nonnegative().optional(),
});

/** What is said of a task besides its Codex. */
export const taskRulesSchema = z.strictObject({
  /** They answer requests in the place of a person; the first that matches decides. */
  rules: z.array(approvalRuleSchema).optional(),
  /** What becomes of a request that no rule answers. */
  requests: requestPolicySchema.optional(),
  /** How often a run is tried, when it fails (once), and how long it waits before that. */
  retry: retryPolicySchema.optional(),
  /** How long a run is kept after its end, in whole milliseconds (for ever; 100 years at most). */
  ttlMs: z.number().int().nonnegative().optional(),
});

/** What there is to say of a run besides its spec, as it crosses the API. */
export const runOptionsSchema = launchOptionsSchema.extend(taskRulesSchema.shape);
