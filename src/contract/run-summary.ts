import { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { runOutcomeSchema, runStateSchema } from './outcome.ts';
import { requestSchema } from './request.ts';

/** One execution of a task, for lists. Times are ISO 8601, in UTC. */
const runSummarySchema = z.object({
  id: z.string(),
  taskId: z.string(),
  /** What its task is called, or the id of that. */
  name: z.string(),
  state: runStateSchema,
  /** What keeps it from getting on in this process: nobody knows its task, or its journal cannot be written; or null. */
  problem: z.string().nullable(),
  /** How many of its requests wait for an answer: more than none, and it waits for you. */
  openRequests: z.number(),
  attempt: z.number(),
  priority: z.number(),
  host: z.string(),
  metadata: z.record(z.string(), z.string()),
  params: z.unknown(),
  budget: budgetSchema.nullable(),
  /** The run that has begun it; null when nobody has but a person, a program or a schedule. */
  parentId: z.string().nullable(),
  /** Its topmost ancestor, or itself. */
  rootId: z.string(),
  createdAt: z.string(),
  /** The time of its task's schedule for which it was launched. */
  scheduledFor: z.string().nullable(),
  /** It does not begin before this time. */
  notBefore: z.string().nullable(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** It is removed after this time. */
  expiresAt: z.string().nullable(),
  /** Why it was told to stop; null when it was not. */
  cancelReason: z.string().nullable(),
  outcome: runOutcomeSchema.nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** Which runs; what is left out does not matter. */
const runFilterSchema = z.strictObject({
  states: z.array(runStateSchema).optional(),
  taskId: z.string().optional(),
  parentId: z.string().optional(),
  rootId: z.string().optional(),
  /** Each of these tags has to have this value. */
  metadata: z.record(z.string(), z.string()).optional(),
});
export type RunFilter = z.infer<typeof runFilterSchema>;

/** A request that waits for its answer. */
const openRequestSchema = z.object({ runId: z.string(), openedAt: z.string(), request: requestSchema });
export type OpenRequest = z.infer<typeof openRequestSchema>;
