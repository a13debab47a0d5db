import { z } from 'zod';
import { runFilterInAddress, runFilterSchema } from './run-query.ts';
import { runSummarySchema } from './run-summary.ts';

/** What was said or done there. */
const foundKindSchema = z.enum([
  /** A prompt, or another message of a person or a program. */
  'message',
  /** What the agent said. */
  'answer',
  'reasoning',
  'command',
  /** What a command has printed. */
  'output',
  /** The names of the files of a change. */
  'files',
  /** A call of a tool: its name, what it was given, and what it gave. */
  'tool',
  'webSearch',
  'plan',
  /** What Codex has asked. */
  'request',
  'notice',
  'error',
]);
export type FoundKind = z.infer<typeof foundKindSchema>;

/** A text of a run in which it is written. */
const foundTextSchema = z.object({
  kind: foundKindSchema,
  /** The event of the journal that told it. */
  seq: z.number(),
  at: z.string(),
  /** The turn and the item, request or message that it belongs to, where it belongs to one. */
  turnId: z.string().nullable(),
  itemId: z.string().nullable(),
  requestId: z.string().nullable(),
  messageId: z.string().nullable(),
  /** What stands around it, in one line. */
  snippet: z.string(),
  /** Where in the snippet it begins and ends, in UTF-16 code units. */
  from: z.number(),
  to: z.number(),
});
export type FoundText = z.infer<typeof foundTextSchema>;

const foundRunSchema = z.object({
  run: runSummarySchema,
  /** The newest of its texts in which it is written: three at most. */
  texts: z.array(foundTextSchema),
  /** In how many more of its texts it is written, as far as they were counted: 100 stands for as many or more. */
  more: z.number(),
});
export type FoundRun = z.infer<typeof foundRunSchema>;

/** The runs in which something was said or done, the one where that was last first. */
export const foundPageSchema = z.object({
  found: z.array(foundRunSchema),
  /**
   * What to give as `cursor` to go on; null when all was looked through. A page may have few runs, or none, and a `next`: one
   * search takes no longer than about a second.
   */
  next: z.string().nullable(),
  /** Journals are still being read: what they say may be missing. */
  isBehind: z.boolean(),
});
export type FoundPage = z.infer<typeof foundPageSchema>;

/** A longer text would not fit into an address. */
const MAX_TEXT = 1_000;
const MAX_FOUND = 100;
const MAX_CURSOR = 100;

export const searchQuerySchema = runFilterSchema.extend({
  /** What is looked for: this text as it stands, in upper or lower case. 1,000 characters at most. */
  text: z
    .string()
    .max(MAX_TEXT, { error: 'it has more than 1,000 characters' })
    .regex(/\S/, { error: 'there is nothing to look for' }),
  /** In how many runs at most (20; 100 at most). */
  limit: z.number().int().min(1).max(MAX_FOUND).optional(),
  /** Where the page before has ended: its `next`. It belongs to the same text and filter. */
  cursor: z.string().max(MAX_CURSOR).optional(),
});
export type SearchQuery = z.infer<typeof searchQuerySchema>;

export const searchInAddress = runFilterInAddress.extend({
  text: searchQuerySchema.shape.text.describe('What is looked for, as it stands, in upper or lower case.'),
  limit: z.number().int().min(1).max(MAX_FOUND).optional().describe('In how many runs at most (20).'),
  cursor: z.string().max(MAX_CURSOR).optional().describe('Where the page before has ended: its `next`.'),
});
