import { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { taskRulesSchema } from './launch-options.ts';
import { runSpecSchema } from './run-spec.ts';
import { scheduleSchema, scheduleStatusSchema } from './schedule.ts';
import { columnTextSchema, tagsSchema } from './tags.ts';

/** A Codex task as plain data: what to do, where, when, and within which limits. */
export const taskDefinitionSchema = taskRulesSchema.extend({
  /** Chosen by its author; names the task for ever. */
  id: columnTextSchema.min(1).max(200),
  /** What people call it (its id). */
  name: columnTextSchema.min(1).max(200).optional(),
  description: columnTextSchema.optional(),
  /** Tags to find it by. */
  metadata: tagsSchema.optional(),
  /** What Codex should do. */
  config: runSpecSchema,
  /** What its runs are given, unless a launch gives something else. */
  params: z.unknown().optional(),
  /** When runs of it are launched by themselves. */
  schedule: scheduleSchema.optional(),
  /** How much each run of it may use. */
  budget: budgetSchema.optional(),
  /** How many runs of it may be under way at a time; others wait. */
  maxRunning: z.number().int().positive().optional(),
});
export type TaskDefinition = z.infer<typeof taskDefinitionSchema>;

/** A task, for lists. Times are ISO 8601, in UTC. */
export const taskSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  /** Nothing of it is launched. */
  isPaused: z.boolean(),
  /** Why runs of it cannot be executed here; null when they can. */
  problem: z.string().nullable(),
  /** Null for a task that is launched by hand only. */
  schedule: scheduleStatusSchema.nullable(),
  /** How many runs of it have not ended. */
  activeRuns: z.number(),
  /** The run of it that was launched last; null when there is none. */
  lastRun: z.object({ id: z.string(), state: z.string(), createdAt: z.string() }).nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type TaskSummary = z.infer<typeof taskSummarySchema>;

export const taskDetailsSchema = taskSummarySchema.extend({
  /** What makes the task; null for one that only a program can bring. */
  definition: z.unknown(),
});
export type TaskDetails = z.infer<typeof taskDetailsSchema>;
