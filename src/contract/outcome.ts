import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import { tokenUsageSchema } from './usage.ts';

/** How a run ends. */
const ENDS = ['done', 'failed', 'cancelled'] as const;
/** Where a run stands. */
export const RUN_STATES = ['scheduled', 'starting', 'running', 'paused', 'cancelling', ...ENDS] as const;
export const runStateSchema = z.enum(RUN_STATES);
export type RunState = z.infer<typeof runStateSchema>;

/** An error as it crosses the API and stands in the journal. */
export const errorRecordSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  remedy: z.string().optional(),
  /** The field of the configuration that is at fault. */
  field: z.string().optional(),
  exitCode: z.number().nullable().optional(),
  signal: z.string().nullable().optional(),
  stderr: z.string().optional(),
});
export type ErrorRecord = z.infer<typeof errorRecordSchema>;

const changedFileSchema = z.object({
  /** Relative to the workspace. */
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted']),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;

/** What the run left behind in its workspace. */
const workspaceReportSchema = z.object({
  path: z.string(),
  kind: z.enum(['directory', 'fresh', 'worktree']),
  changes: z.array(changedFileSchema),
  /** There were more files than we compare; `changes` holds only what is certain. */
  isPartial: z.boolean(),
  /** The repository of a worktree. */
  repository: z.string().optional(),
  /** The branch and commit that hold the work of a worktree; absent when nothing changed. */
  branch: z.string().optional(),
  commit: z.string().optional(),
});
export type WorkspaceReport = z.infer<typeof workspaceReportSchema>;

/** How a run ended, and what came of it. */
export const runOutcomeSchema = z.object({
  status: z.enum(ENDS),
  /** The agent's last answer; empty when it gave none. */
  text: z.string(),
  /** The answer read as JSON, when an output schema asked for it. */
  output: z.unknown().optional(),
  /** Why it failed. */
  error: errorRecordSchema.optional(),
  /** From its first begin to its end, whatever came between: pauses, other attempts, the time without a process. */
  durationMs: z.number(),
  usage: tokenUsageSchema,
  turns: z.number(),
  threadId: z.string().optional(),
  workspace: workspaceReportSchema.optional(),
});
export type RunOutcome = z.infer<typeof runOutcomeSchema>;

/** The states in which nothing happens any more. */
export const ENDED_STATES: readonly RunState[] = ENDS;
