import { z } from 'zod';
import { runStateSchema } from './outcome.ts';
import type { RunSummary } from './run-summary.ts';
import { columnTextSchema, isTagName, tagsSchema } from './tags.ts';

const text = columnTextSchema;
const time = z.iso.datetime({ offset: true, error: 'say it as 2026-11-24T10:00:00Z' });

/** Which runs; what is left out does not matter. */
export const runFilterSchema = z.strictObject({
  states: z.array(runStateSchema).optional(),
  taskId: text.optional(),
  parentId: text.optional(),
  rootId: text.optional(),
  host: text.optional(),
  /** Each of these tags has to have this value. */
  metadata: tagsSchema.optional(),
  /** Those whose name or id holds this text, in upper or lower case. */
  search: text.max(200).optional(),
  /** Those of which a request waits for an answer, or those of which none does. */
  isWaiting: z.boolean().optional(),
  /**
   * Those in the archive, or those that are not (false). Where `parentId` or `rootId` says which runs are meant, and this is left
   * out, it does not matter.
   */
  isArchived: z.boolean().optional(),
  /** Those that ended before this time; ISO 8601. */
  endedBefore: time.optional(),
});
export type RunFilter = z.infer<typeof runFilterSchema>;

/**
 * By what runs are sorted; `-` turns it around. What is equal in that goes by the time of the launch, and by the id, in the same
 * direction. Names go by their lower case, states by their words; a run that has not started, or not ended, comes last in
 * both directions.
 */
const sortSchema = z.enum([
  'createdAt',
  '-createdAt',
  'startedAt',
  '-startedAt',
  'endedAt',
  '-endedAt',
  'name',
  '-name',
  'state',
  '-state',
]);
export type RunSort = z.infer<typeof sortSchema>;

export const MAX_PAGE = 500;
/** A cursor holds a name, which may be of characters that take much space. */
const MAX_CURSOR = 2000;

export const runQuerySchema = runFilterSchema.extend({
  /** The newest first (`-createdAt`), unless told otherwise. */
  sort: sortSchema.optional(),
  /** How many at most (100; 500 at most). */
  limit: z.number().int().min(1).max(MAX_PAGE).optional(),
  /** Where the page before has ended: its `next`. It belongs to the same filter and order. */
  cursor: z.string().max(MAX_CURSOR).optional(),
});
export type RunQuery = z.infer<typeof runQuerySchema>;

/** A part of a list of runs. */
export interface RunPage {
  readonly runs: RunSummary[];
  /** What to give as `cursor` for the next part; null when this is the last. */
  readonly next: string | null;
}

const list = <T extends z.ZodType>(item: T) => z.array(item).optional();

const tagInAddress = z
  .string()
  .regex(/^[^:]+:/, { error: 'say NAME:VALUE' })
  .refine((tag) => isTagName(tag.slice(0, tag.indexOf(':'))), { error: 'no tag can be called so' });

/** The same filter in the address of a request: `?state=running&state=paused&tag=team:red`. */
export const runFilterInAddress = z.strictObject({
  state: list(runStateSchema),
  task: z.string().optional(),
  parent: z.string().optional().describe('The run that has begun them.'),
  root: z.string().optional().describe('Their topmost ancestor.'),
  host: z.string().optional(),
  tag: z
    .array(tagInAddress)
    .superRefine((tags, context) => {
      const twice = tags.map(nameOf).find((name, at, names) => names.indexOf(name) < at);
      if (twice === undefined) return;
      context.addIssue({
        code: 'custom',
        message: `${JSON.stringify(twice)} is given twice, and no run has two values of a tag`,
      });
    })
    .optional()
    .describe('NAME:VALUE, once for each name; each of them has to hold.'),
  search: z.string().max(200).optional().describe('What their name or id holds, in upper or lower case.'),
  waiting: z.enum(['true', 'false']).optional().describe('Whether a request of theirs waits for an answer.'),
  archived: z
    .enum(['true', 'false'])
    .optional()
    .describe('Whether they are in the archive (false; of `parent` and `root` it does not matter, unless it is said).'),
  endedBefore: time.optional().describe('Those that ended before this time; ISO 8601.'),
});

/** The same for whoever watches: `&run=run-0a1b2c3d&after=17`. */
export const watchInAddress = runFilterInAddress.extend({
  run: z.string().optional().describe('The journal of this run is told as well, in pieces: `events`.'),
  after: z.coerce.number().int().nonnegative().optional().describe('What comes after this number of it (0).'),
});

export const runQueryInAddress = runFilterInAddress.extend({
  sort: sortSchema.optional().describe('The newest first (-createdAt), unless told otherwise.'),
  limit: z.number().int().min(1).max(MAX_PAGE).optional().describe('How many at most (100).'),
  cursor: z.string().max(MAX_CURSOR).optional().describe('Where the page before has ended: its `next`.'),
});

/** The name in NAME:VALUE. */
function nameOf(tag: string): string {
  return tag.slice(0, tag.indexOf(':'));
}

/** The filter that stands in an address. */
export function filterOfAddress(address: z.output<typeof runFilterInAddress>): RunFilter {
  const { state, task, parent, root, host, tag, search, waiting, archived, endedBefore } = address;
  const tags = tag?.map((text) => [nameOf(text), text.slice(text.indexOf(':') + 1)] as const);
  return {
    ...(state && { states: state }),
    ...(task !== undefined && { taskId: task }),
    ...(parent !== undefined && { parentId: parent }),
    ...(root !== undefined && { rootId: root }),
    ...(host !== undefined && { host }),
    ...(tags && { metadata: Object.fromEntries(tags) }),
    ...(search !== undefined && { search }),
    ...(waiting !== undefined && { isWaiting: waiting === 'true' }),
    ...(archived !== undefined && { isArchived: archived === 'true' }),
    ...(endedBefore !== undefined && { endedBefore }),
  };
}

/** A filter as it stands in an address. */
export function filterToAddress(filter: RunFilter): z.output<typeof runFilterInAddress> {
  const { states, taskId, parentId, rootId, host, metadata, search, isWaiting, isArchived, endedBefore } = filter;
  return {
    ...(states && { state: states }),
    ...(taskId !== undefined && { task: taskId }),
    ...(parentId !== undefined && { parent: parentId }),
    ...(rootId !== undefined && { root: rootId }),
    ...(host !== undefined && { host }),
    ...(metadata && { tag: Object.entries(metadata).map(([name, value]) => `${name}:${value}`) }),
    ...(search !== undefined && { search }),
    ...(isWaiting !== undefined && { waiting: inAddress(isWaiting) }),
    ...(isArchived !== undefined && { archived: inAddress(isArchived) }),
    ...(endedBefore !== undefined && { endedBefore }),
  };
}

function inAddress(isSo: boolean): 'true' | 'false' {
  return isSo ? 'true' : 'false';
}
