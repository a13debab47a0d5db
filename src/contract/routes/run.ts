import { z } from 'zod';
import { budgetSchema } from '../budget.ts';
import { runOutcomeSchema } from '../outcome.ts';
import { defineRoutes } from '../route.ts';
import { runDetailsSchema } from '../run-summary.ts';
import { reasonSchema } from '../tags.ts';

/** One run: what it is, and what may be done with it. */
export const runRoutes = defineRoutes({
  showRun: {
    method: 'GET',
    path: '/api/runs/{run}',
    summary: 'All that is known of a run besides what happened in it',
    description: '`run` is its id, the beginning of it, its name, or `@last`; so it is in all addresses.',
    role: 'viewer',
    result: runDetailsSchema,
  },
  removeRun: {
    method: 'DELETE',
    path: '/api/runs/{run}',
    summary: 'Remove a run that has ended, with all that it has begun; its workspace stays',
    role: 'operator',
  },
  archiveRun: {
    method: 'POST',
    path: '/api/runs/{run}/archive',
    summary: 'Put a run that has ended out of sight, with all that it has begun',
    description:
      'Lists leave it out, unless they ask for the archive. All of it stays, until it is removed or expires.',
    role: 'operator',
    repeat: 'same',
  },
  unarchiveRun: {
    method: 'POST',
    path: '/api/runs/{run}/unarchive',
    summary: 'Bring a run back from the archive, with all that it has begun',
    role: 'operator',
    repeat: 'same',
  },
  retryRun: {
    method: 'POST',
    path: '/api/runs/{run}/retry',
    summary: 'Launch a run that has ended once more, as a new run',
    description: 'What only an admin may launch, only an admin may launch once more.',
    role: 'operator',
    result: runDetailsSchema,
    status: 201,
    repeat: 'keyed',
  },
  waitForRun: {
    method: 'GET',
    path: '/api/runs/{run}/outcome',
    summary: 'How it ended; null when it has not, after so long a wait',
    role: 'viewer',
    query: z.strictObject({
      waitMs: z
        .number()
        .int()
        .nonnegative()
        .max(60_000)
        .optional()
        .describe('How long to wait for its end, in milliseconds (0).'),
    }),
    result: z.object({ outcome: runOutcomeSchema.nullable() }),
  },
  cancelRun: {
    method: 'POST',
    path: '/api/runs/{run}/cancel',
    summary: 'Give the order to stop, to it and to what it has begun',
    description: 'It is written down when this is answered; `outcome` tells when it has stopped.',
    role: 'operator',
    body: z.strictObject({ reason: reasonSchema.optional() }),
    status: 202,
    repeat: 'same',
  },
  pauseRun: {
    method: 'POST',
    path: '/api/runs/{run}/pause',
    summary: 'End the running turn and begin no other, until it is resumed',
    role: 'operator',
    body: z.strictObject({ message: reasonSchema.optional() }),
    repeat: 'same',
  },
  resumeRun: {
    method: 'POST',
    path: '/api/runs/{run}/resume',
    summary: 'Let it go on with what a pause has cut',
    role: 'operator',
    repeat: 'same',
  },
  finishRun: {
    method: 'POST',
    path: '/api/runs/{run}/finish',
    summary: 'Say that it is over, and done',
    role: 'operator',
    repeat: 'same',
  },
  raiseBudget: {
    method: 'PATCH',
    path: '/api/runs/{run}/budget',
    summary: 'Change what it may use; a run that its budget has paused goes on when that is enough',
    role: 'operator',
    body: budgetSchema,
  },
});
