import { z } from 'zod';
import { answerSchema } from '../request.ts';
import { defineRoutes } from '../route.ts';
import { openRequestSchema } from '../run-summary.ts';

const openRequestsSchema = z.object({ requests: z.array(openRequestSchema) });

/** What Codex asks, and the answers. */
export const requestRoutes = defineRoutes({
  listRequests: {
    method: 'GET',
    path: '/api/requests',
    summary: 'The requests of all runs that wait for an answer, oldest first',
    role: 'viewer',
    result: openRequestsSchema,
  },
  listRequestsOfRun: {
    method: 'GET',
    path: '/api/runs/{run}/requests',
    summary: 'The requests of a run that wait for an answer, oldest first',
    role: 'viewer',
    result: openRequestsSchema,
  },
  answerRequest: {
    method: 'POST',
    path: '/api/runs/{run}/requests/{request}/answer',
    summary: 'Answer an open request',
    description:
      'It is on disk when this is answered. The first answer holds: the same again is fine, another one is too late (`not-found`).',
    role: 'operator',
    body: z.strictObject({
      answer: answerSchema,
      by: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe(
          'Who gives it, for the record; only with the token of the data directory. Others are called as their token is.',
        ),
      via: z
        .string()
        .regex(/^[\p{L}\p{N} .-]{1,40}$/u, { error: 'at most 40 letters, digits, spaces, points and hyphens' })
        .optional()
        .describe('By what means, in a few words, such as `terminal`: the record says `NAME (VIA)`.'),
    }),
    repeat: 'same',
  },
});
