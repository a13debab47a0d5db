import { z } from 'zod';

/** How a piece of the agent's work stands. A command may run on after its turn. */
const itemStatusSchema = z.enum(['running', 'completed', 'failed', 'declined']);
export type ItemStatus = z.infer<typeof itemStatusSchema>;

export const fileChangeSchema = z.object({
  /** As Codex names it: absolute. */
  path: z.string(),
  kind: z.enum(['add', 'delete', 'update', 'move']),
  /** Where a moved file went. */
  movedTo: z.string().optional(),
  /** A unified diff for an update; the whole content for a file that was added or deleted. */
  diff: z.string(),
});
export type FileChange = z.infer<typeof fileChangeSchema>;

const id = z.string();

/** One thing within a turn. `other` carries what this version has no words for, as it came. */
export const itemSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('userMessage'),
    id,
    text: z.string(),
    /** Of a message of ours the pictures as it named them: files of the workspace, or others on the host. */
    images: z.array(z.string()),
    /** The message's id of ours, when it came from us. */
    messageId: z.string().optional(),
  }),
  z.object({
    kind: z.literal('agentMessage'),
    id,
    text: z.string(),
    /** Said on the way, or the answer; absent where the model does not tell them apart. */
    phase: z.string().optional(),
  }),
  z.object({ kind: z.literal('reasoning'), id, summary: z.array(z.string()), content: z.array(z.string()) }),
  z.object({
    kind: z.literal('command'),
    id,
    /** What the model wrote, without the shell that Codex puts around it. */
    command: z.string(),
    cwd: z.string(),
    status: itemStatusSchema,
    /** Both output streams together; at most 1 MiB of it, which is all that Codex keeps. */
    output: z.string(),
    exitCode: z.number().optional(),
    durationMs: z.number().optional(),
  }),
  z.object({ kind: z.literal('fileChange'), id, status: itemStatusSchema, changes: z.array(fileChangeSchema) }),
  z.object({
    kind: z.literal('toolCall'),
    id,
    /** The MCP server; absent for a tool of Codex's own. */
    server: z.string().optional(),
    tool: z.string(),
    arguments: z.unknown(),
    status: itemStatusSchema,
    result: z.unknown().optional(),
    error: z.string().optional(),
    durationMs: z.number().optional(),
  }),
  z.object({ kind: z.literal('webSearch'), id, query: z.string() }),
  z.object({ kind: z.literal('plan'), id, text: z.string() }),
  z.object({ kind: z.literal('imageView'), id, path: z.string() }),
  z.object({ kind: z.literal('compaction'), id }),
  z.object({ kind: z.literal('other'), id, type: z.string(), raw: z.unknown() }),
]);
export type Item = z.infer<typeof itemSchema>;
