import { z } from 'zod';

/** One entry of a directory in the workspace of a run. */
export const workspaceEntrySchema = z.object({
  name: z.string(),
  /** From the workspace on. */
  path: z.string(),
  kind: z.enum(['file', 'directory', 'link', 'other']),
  /** In bytes; 0 for what is no file. */
  size: z.number(),
  /** ISO 8601, in UTC. */
  modifiedAt: z.string(),
});
export type WorkspaceEntry = z.infer<typeof workspaceEntrySchema>;

export const workspaceListingSchema = z.object({
  /** The workspace itself, on its host. */
  workspace: z.string(),
  /** The directory that is listed, from the workspace on; empty for the workspace itself. */
  path: z.string(),
  entries: z.array(workspaceEntrySchema),
  /** There are more than are listed. */
  isPartial: z.boolean(),
});
export type WorkspaceListing = z.infer<typeof workspaceListingSchema>;

/** A file of a workspace that is read piece by piece, at the pace of whoever reads it. */
export interface OpenedFile {
  /** In bytes. */
  readonly size: number;
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Lets go of it, whether all of it was read or not. */
  close(): Promise<void>;
}
