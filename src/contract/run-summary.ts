import { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { errorRecordSchema, runOutcomeSchema, runStateSchema } from './outcome.ts';
import { requestSchema } from './request.ts';

/** What a run has come to by now, small enough for a list of thousands. */
export const runDigestSchema = z.object({
  /** What it does just now, in words: `running npm test`; null when it does nothing. */
  activity: z.string().nullable(),
  /** What it said at its end, as far as that goes into a line; null before that, and where it said nothing. */
  answer: z.string().nullable(),
  /** Its Codex is there, has nothing to do, and waits for a message. */
  isIdle: z.boolean(),
  model: z.string().nullable(),
  effort: z.string().nullable(),
  /** Turns with messages of ours that have ended. */
  turns: z.number(),
  /** Used in all, input and output together. */
  tokens: z.number(),
  /** How many tokens of its context are used, and how many there are; null while nobody knows. */
  contextTokens: z.number().nullable(),
  contextWindow: z.number().nullable(),
  /** How far it says that it is; null when it has not said. */
  progress: z.object({ percent: z.number().nullable(), message: z.string().nullable() }).nullable(),
  /** What its turns have changed, as far as Codex told. */
  diff: z.object({ files: z.number(), added: z.number(), removed: z.number() }),
  /** Messages that wait in its queue; of a run that has ended they were never sent. */
  queued: z.number(),
  /** When something happened last; ISO 8601, in UTC. */
  lastEventAt: z.string().nullable(),
});
export type RunDigest = z.infer<typeof runDigestSchema>;

/** One execution of a task, for lists. Times are ISO 8601, in UTC. */
export const runSummarySchema = z.object({
  id: z.string(),
  taskId: z.string(),
  /** What it is called: as its launch said, or its task. */
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
  /** Since when it is in the archive; null when it is not. */
  archivedAt: z.string().nullable(),
  /** Why it was told to stop; null when it was not. */
  cancelReason: z.string().nullable(),
  /** Why it has failed; null when it has not. */
  error: errorRecordSchema.nullable(),
  digest: runDigestSchema,
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** All that is known of a run besides what happened in it. */
export const runDetailsSchema = runSummarySchema.extend({
  /** The number of the newest event of its journal; 0 while there is none. */
  lastSeq: z.number(),
  /** The turn of its own thread that runs just now; null when none does. */
  turnId: z.string().nullable(),
  params: z.unknown(),
  budget: budgetSchema.nullable(),
  /** Its task as it was at the launch, where that is plain data. */
  definition: z.unknown(),
  /** The run that it repeats; null when it repeats none. */
  retryOf: z.string().nullable(),
  outcome: runOutcomeSchema.nullable(),
});
export type RunDetails = z.infer<typeof runDetailsSchema>;

/** A request that waits for its answer. */
export const openRequestSchema = z.object({ runId: z.string(), openedAt: z.string(), request: requestSchema });
export type OpenRequest = z.infer<typeof openRequestSchema>;
