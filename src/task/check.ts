import { z } from 'zod';
import { budgetSchema } from '../contract/budget.ts';
import { approvalRuleSchema, requestPolicySchema } from '../contract/rule.ts';
import { MAX_WAIT_MS } from '../contract/run-spec.ts';
import { columnTextSchema, tagsSchema } from '../contract/tags.ts';
import { OptioError } from '../errors.ts';
import type { Task } from './task.ts';

/** Longer than anybody keeps a run, and short enough for the end of it to be a date: 100 years, in milliseconds. */
const MAX_KEPT_MS = 100 * 365 * 86_400_000;

const wait = z.number().int().min(0).max(MAX_WAIT_MS);
/** Of 32 bits: the columns that count have no more in PostgreSQL. */
const count = z.int32().positive();

/** What of a task is plain data, but for its schedule. */
const taskSchema = z.object({
  id: columnTextSchema.min(1).max(200),
  name: columnTextSchema,
  description: columnTextSchema.optional(),
  metadata: tagsSchema.optional(),
  graceMs: wait.optional(),
  cancelsChildren: z.boolean().optional(),
  ttlMs: z.number().int().min(0).max(MAX_KEPT_MS).optional(),
  maxRunning: count.optional(),
  retry: z.strictObject({ attempts: count, backoffMs: wait.optional(), maxBackoffMs: wait.optional() }).optional(),
  budget: budgetSchema.optional(),
  rules: z.array(approvalRuleSchema).optional(),
  requests: requestPolicySchema.optional(),
});

/** Throws `invalid-config`, with the field that is at fault, for a task with something in it that makes no sense. */
export function checkTask(task: Partial<Task>): void {
  const issue = taskSchema.safeParse(task).error?.issues[0];
  if (!issue) return;
  const field = issue.path.join('.');
  throw new OptioError('invalid-config', `${field}: ${issue.message}`, {
    field,
    remedy: 'Correct it as the message says; times are in milliseconds.',
  });
}
