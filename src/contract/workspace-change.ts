import { z } from 'zod';

/** Why a file that differs has no lines to show. */
const withoutLinesSchema = z.enum([
  /** It is no text. */
  'binary',
  /** It has more than 1 MiB. */
  'too-large',
  /** What it held at the start was not kept, or what it holds now cannot be read. */
  'not-kept',
  /** A link, or something else than a file, on one of the sides. */
  'no-file',
  /** More has changed than is compared. */
  'too-many',
  /** Nothing there compares texts: git is missing. */
  'no-git',
  /** Comparing it failed: no space for it, or it took too long. */
  'failed',
]);
export type WithoutLines = z.infer<typeof withoutLinesSchema>;

/** A file that is not as it was at the start of a run. */
export const workspaceChangeSchema = z.object({
  /** From the workspace on. */
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted', 'renamed']),
  /** Where a renamed one was; what it holds is the same. */
  from: z.string().optional(),
  /** How many lines; null where they are not known. */
  added: z.number().nullable(),
  removed: z.number().nullable(),
  /** What it is and whether it can be executed, as git writes it, where that has changed. */
  mode: z.object({ before: z.string(), after: z.string() }).optional(),
  /** Null where its lines are known. */
  without: withoutLinesSchema.nullable(),
});
export type WorkspaceChange = z.infer<typeof workspaceChangeSchema>;

/** What of a workspace differs from the start of its run. */
export const workspaceChangesSchema = z.object({
  base: z.literal('start'),
  /** As the workspace is now, or as it was when the run ended. */
  at: z.enum(['now', 'end']),
  /** By path. */
  files: z.array(workspaceChangeSchema),
  /** There were more files than are compared; only what is certain is told. */
  isPartial: z.boolean(),
  /** Why there is less to see than one expects, in a sentence for people; null where there is not. */
  note: z.string().nullable(),
});
export type WorkspaceChanges = z.infer<typeof workspaceChangesSchema>;

/** The same, as a unified diff. */
export const workspaceDiffSchema = z.object({
  base: z.literal('start'),
  at: z.enum(['now', 'end']),
  /** As git writes it; empty where nothing differs. */
  diff: z.string(),
  /** There is more than fits. */
  isCut: z.boolean(),
});
export type WorkspaceDiff = z.infer<typeof workspaceDiffSchema>;
