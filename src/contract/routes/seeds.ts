import { z } from 'zod';
import { defineRoutes } from '../route.ts';
import { newSeedSchema, seedSummarySchema, seedVerificationSchema, undoSeedSchema, verifySeedSchema } from '../seed.ts';
import { newSeedLoginSchema, seedLoginSchema, seedLoginStateSchema } from '../seed-login.ts';
import { newSeedConfigSchema, savedSeedConfigSchema, seedConfigSchema } from '../seed-settings.ts';

/** Saved logins: what they hold goes in, and never out but for their settings. */
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
  showSeedConfig: {
    method: 'GET',
    path: '/api/seeds/{seed}/config',
    summary: 'The settings of a saved login',
    role: 'viewer',
    result: seedConfigSchema,
  },
  setSeedConfig: {
    method: 'PUT',
    path: '/api/seeds/{seed}/config',
    summary: 'Give a saved login other settings, or none, in the place of those it has',
    description: 'Runs that share it go on, and keep those with which they have begun.',
    role: 'admin',
    body: newSeedConfigSchema,
    result: savedSeedConfigSchema,
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
  listSeedLogins: {
    method: 'GET',
    path: '/api/seed-logins',
    summary: 'The logins that are to become seeds: those under way, and those that ended within the hour',
    role: 'admin',
    result: z.object({ logins: z.array(seedLoginSchema) }),
  },
  startSeedLogin: {
    method: 'POST',
    path: '/api/seed-logins',
    summary: 'Let somebody log in with ChatGPT, which becomes a seed',
    description:
      'Where the person goes, and with which code, is told as soon as it waits for them. The same once more, while it is under way, is the same login. It is over after 15 minutes with a code, and after 10 with a browser.',
    role: 'admin',
    body: newSeedLoginSchema,
    result: seedLoginSchema,
    status: 202,
    repeat: 'same',
  },
  showSeedLogin: {
    method: 'GET',
    path: '/api/seed-logins/{login}',
    summary: 'Where a login stands',
    role: 'admin',
    query: z.strictObject({
      seen: seedLoginStateSchema
        .optional()
        .describe('Answer when its state is another one than this, or after 25 seconds.'),
    }),
    result: seedLoginSchema,
  },
  cancelSeedLogin: {
    method: 'POST',
    path: '/api/seed-logins/{login}/cancel',
    summary: 'Give a login up, or discard one that could not be saved',
    role: 'admin',
    result: seedLoginSchema,
    repeat: 'same',
  },
});
