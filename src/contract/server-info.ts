import { z } from 'zod';
import { roleSchema } from './token.ts';

/** The number of the API: another one means that a client and a server do not understand each other. */
export const API_VERSION = 1;

/** Where a server works. */
const machineSchema = z.object({
  name: z.string(),
  /** No other machine has it. One that was started anew has another. */
  id: z.string(),
});
export type Machine = z.infer<typeof machineSchema>;

/** Who answers, and as whom it sees you. */
export const serverInfoSchema = z.object({
  version: z.string(),
  apiVersion: z.number(),
  pid: z.number(),
  dataDir: z.string(),
  /** What one calls it by in a terminal of that machine: `optio-codex`, or `npm start --` in a clone. */
  command: z.string(),
  /** Directories, such as that of a workspace, are those of this machine. */
  machine: machineSchema,
  startedAt: z.string(),
  /** The name of the token that you came with, and what it lets you do. */
  caller: z.object({ name: z.string(), role: roleSchema }),
});
export type ServerInfo = z.infer<typeof serverInfoSchema>;

export const loginLinkSchema = z.object({
  code: z.string(),
  /** The link; null where the page has no address, but only a unix socket. */
  url: z.string().nullable(),
});
export type LoginLink = z.infer<typeof loginLinkSchema>;

export const stopServerSchema = z.strictObject({
  /** How long what is under way may take to end by itself, in milliseconds (0). */
  drainMs: z
    .number()
    .int()
    .nonnegative()
    .max(2 ** 31 - 1)
    .optional(),
  /** Cancel what is under way then; otherwise it lives on, and the next server takes it up (false). */
  cancel: z.boolean().optional(),
});
export type StopServer = z.infer<typeof stopServerSchema>;

/** What a server that stops leaves behind, by the ids of the runs, and how it stops. */
export const stopReportSchema = z.object({
  pid: z.number(),
  /** They are under way, and live on. */
  left: z.array(z.string()),
  /** They wait for their begin. */
  waiting: z.array(z.string()),
  /** How many requests wait for an answer. */
  openRequests: z.number(),
  /** For how long what is under way may still end by itself, in milliseconds: less than was asked for where somebody has said so before. */
  drainMs: z.number(),
  /** Whether what is under way is cancelled then. */
  cancel: z.boolean(),
});
export type StopReport = z.infer<typeof stopReportSchema>;
