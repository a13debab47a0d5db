import { z } from 'zod';
import { runEventSchema } from '../event.ts';
import { defineRoutes } from '../route.ts';

const after = z
  .number()
  .int()
  .nonnegative()
  .optional()
  .describe('The number of the last event that one has (0: from the beginning).');

/** What happened in a run. */
export const journalRoutes = defineRoutes({
  readEvents: {
    method: 'GET',
    path: '/api/runs/{run}/events',
    summary: 'The journal, past and to come, until the run has ended',
    description:
      'Server-sent events. The `id` of each is its number in the journal: give the last one as `Last-Event-ID`, or as `after`, and it goes on from there. A comment comes when nothing else does. A reader that is too slow is cut off by an event `cut` that says why; the last one of an ended run is followed by an event `end`.',
    role: 'viewer',
    query: z.strictObject({
      after,
    }),
    result: runEventSchema,
    answers: 'events',
  },
  readJournal: {
    method: 'GET',
    path: '/api/runs/{run}/journal',
    summary: 'What the journal holds by now, in pages',
    role: 'viewer',
    query: z.strictObject({
      after,
      limit: z
        .number()
        .int()
        .min(1)
        .max(5_000)
        .optional()
        .describe('How many at most (1,000); fewer where they are large (4 Mi characters in all).'),
      last: z
        .number()
        .int()
        .min(1)
        .max(5_000)
        .optional()
        .describe('Instead of `after` and `limit`: so many of the newest; fewer where they are large.'),
    }),
    result: z.object({
      events: z.array(runEventSchema),
      next: z
        .number()
        .nullable()
        .describe('What to give as `after` for the next page; null when there is no more by now.'),
    }),
  },
  showView: {
    method: 'GET',
    path: '/api/runs/{run}/view',
    summary: 'What one sees of a run now: all of its journal, put together',
    role: 'viewer',
    result: z.looseObject({ seq: z.number(), state: z.string() }),
  },
  exportRun: {
    method: 'GET',
    path: '/api/runs/{run}/export',
    summary: 'The whole run as a document',
    role: 'viewer',
    query: z.strictObject({
      format: z.enum(['md', 'json']).optional().describe('For people (md), or with everything in it (json).'),
    }),
    answers: 'text',
  },
});
