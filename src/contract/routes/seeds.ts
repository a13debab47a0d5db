import { z } from 'zod';
import { defineRoutes } from '../route.ts';
import { newSeedSchema, seedSummarySchema, seedVerificationSchema, undoSeedSchema, verifySeedSchema } from '../seed.ts';

/** Saved logins: what they hold goes in, and never out. */
export const seedRoutes = defineRoutes({
  listSeeds: {
    method: 'GET',
    path: '/api/seeds',
    summary: 'The saved logins, without anything that lets somebody in',
    role: 'viewer',
    result: z.object({ seeds: z.array(seedSummarySchema) }),
  },
  addSeed: {
    method: 'PUT',
    path: '/api/seeds/{seed}',
    summary: 'Save a login',
    description: 'The same once more changes nothing; a name that is taken is refused.',
    role: 'admin',
    body: newSeedSchema,
    result: seedSummarySchema,
  },
  removeSeed: {
    method: 'DELETE',
    path: '/api/seeds/{seed}',
    summary: 'Remove a saved login with all it holds',
    role: 'admin',
    query: z.strictObject({
      force: z
        .enum(['true', 'false'])
        .optional()
        .describe('true: also while somebody uses it, whose changes are lost.'),
    }),
  },
  undoSeed: {
    method: 'POST',
    path: '/api/seeds/{seed}/undo',
    summary: 'Make an earlier content of a saved login the current one again',
    role: 'admin',
    body: undoSeedSchema,
    result: seedSummarySchema,
  },
  verifySeed: {
    method: 'POST',
    path: '/api/seeds/{seed}/verify',
    summary: 'Find out whether a saved login is still good, and renew its tokens where that is due',
    description: 'It costs nothing. Where the provider does not say, the verdict is unknown, and nothing is changed.',
    role: 'admin',
    body: verifySeedSchema,
    result: seedVerificationSchema,
  },
});
