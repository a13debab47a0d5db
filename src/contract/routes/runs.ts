import { z } from 'zod';
import { runOptionsSchema } from '../launch-options.ts';
import { defineRoutes } from '../route.ts';
import { runQueryInAddress, watchInAddress } from '../run-query.ts';
import { runSpecSchema } from '../run-spec.ts';
import { runDetailsSchema, runSummarySchema } from '../run-summary.ts';
import { runUpdateSchema } from '../run-update.ts';
import { foundPageSchema, searchInAddress } from '../search.ts';
import { reasonSchema, tagsSchema } from '../tags.ts';

const runPageSchema = z.object({ runs: z.array(runSummarySchema), next: z.string().nullable() });

/** All runs: what there are, new ones, and what changes. */
export const runsRoutes = defineRoutes({
  listRuns: {
    method: 'GET',
    path: '/api/runs',
    summary: 'The runs there are, in pages',
    role: 'viewer',
    query: runQueryInAddress,
    result: runPageSchema,
  },
  startRun: {
    method: 'POST',
    path: '/api/runs',
    summary: 'Give Codex a task',
    description: 'It begins by itself and ends with its first turn, unless the spec says otherwise.',
    role: 'operator',
    body: z.strictObject({ spec: runSpecSchema, options: runOptionsSchema.optional() }),
    result: runDetailsSchema,
    status: 201,
    repeat: 'keyed',
  },
  startDemo: {
    method: 'POST',
    path: '/api/demo',
    summary: 'Run the real codex against a scripted model, which needs no account',
    role: 'operator',
    body: z.strictObject({
      paceMs: z
        .number()
        .int()
        .nonnegative()
        .max(2 ** 31 - 1)
        .optional()
        .describe('How long the model pauses between the pieces of what it says, in milliseconds (0).'),
    }),
    result: runDetailsSchema,
    status: 201,
    repeat: 'keyed',
  },
  cancelRuns: {
    method: 'POST',
    path: '/api/runs/cancel',
    summary: 'Give the order to stop to all runs with these tags',
    role: 'operator',
    body: z.strictObject({
      metadata: tagsSchema
        .refine((tags) => Object.keys(tags).length > 0, { error: 'name one tag at least' })
        .meta({ minProperties: 1 }),
      reason: reasonSchema,
      block: z.boolean().optional().describe('Until all of them have ended no more like them are launched (false).'),
    }),
    result: z.object({ runs: z.array(z.string()) }),
  },
  watchRuns: {
    method: 'GET',
    path: '/api/updates',
    summary: 'All runs and requests at once, and then whatever changes',
    description:
      'Server-sent events: a `snapshot`, then small changes. Whoever reads slowly gets fewer of them, and none that is out of date; after a cut, and with each new connection, there is another snapshot. With `run` it tells the journal of one run as well, of which nothing is left out, so that a page needs no second connection.',
    role: 'viewer',
    query: watchInAddress,
    result: runUpdateSchema,
    answers: 'events',
  },
  searchRuns: {
    method: 'GET',
    path: '/api/search',
    summary: 'The runs in which something was said or done',
    description:
      'The text is looked for as it stands, in upper or lower case, in what people and the agent wrote, what it thought, its commands and what they printed, the names of files it changed, what it asked, and what went wrong. The run where that was last comes first. Of a long text the beginning and the end are found.',
    role: 'viewer',
    query: searchInAddress,
    result: foundPageSchema,
  },
});
