import { z } from 'zod';
import { checkSchema } from '../doctor.ts';
import { modelInfoSchema } from '../model-info.ts';
import { defineRoutes } from '../route.ts';
import { loginLinkSchema, serverInfoSchema, stopReportSchema, stopServerSchema } from '../server-info.ts';
import { statsSchema } from '../stats.ts';
import { createdTokenSchema, newTokenSchema, tokenInfoSchema } from '../token.ts';

/** The server itself, who may come in, and what this machine can do. */
export const serverRoutes = defineRoutes({
  showServer: {
    method: 'GET',
    path: '/api/server',
    summary: 'Who answers, and as whom it sees you',
    role: 'viewer',
    result: serverInfoSchema,
  },
  stopServer: {
    method: 'POST',
    path: '/api/server/stop',
    summary: 'Stop the server; what is under way lives on, unless told otherwise',
    description:
      'While it drains it may be told so again: that leaves less time, or cancels, and never the other way round. The answer says what holds.',
    role: 'admin',
    body: stopServerSchema,
    result: stopReportSchema,
    status: 202,
  },
  createLoginLink: {
    method: 'POST',
    path: '/api/links',
    summary: 'Make a link that lets a browser in once',
    description:
      'Open the page with `#login=CODE` behind its address within an hour: the browser is let in as the token with which the link was made.',
    role: 'viewer',
    result: loginLinkSchema,
    status: 201,
    repeat: 'same',
  },
  showStats: {
    method: 'GET',
    path: '/api/stats',
    summary: 'What has been going on, in numbers',
    role: 'viewer',
    result: statsSchema,
  },
  listModels: {
    method: 'GET',
    path: '/api/models',
    summary: 'The models that Codex offers',
    role: 'viewer',
    result: z.object({ models: z.array(modelInfoSchema) }),
  },
  listDirectories: {
    method: 'GET',
    path: '/api/directories',
    summary: 'The directories that begin with a path, for completing it',
    description:
      'On the machine of the server: 100 at most, by their names. What cannot be read is none; those whose name begins with a dot are told where the path says so.',
    role: 'operator',
    query: z.strictObject({ path: z.string().max(4096).describe('From / or ~/ on: `/home/me/pro`.') }),
    result: z.object({ directories: z.array(z.string()) }),
  },
  checkMachine: {
    method: 'GET',
    path: '/api/doctor',
    summary: 'What works on the machine of the server',
    role: 'operator',
    result: z.object({ checks: z.array(checkSchema) }),
  },
  listTokens: {
    method: 'GET',
    path: '/api/tokens',
    summary: 'Who may come in',
    role: 'admin',
    result: z.object({ tokens: z.array(tokenInfoSchema) }),
  },
  createToken: {
    method: 'POST',
    path: '/api/tokens',
    summary: 'Let somebody in; the secret is told this once',
    role: 'admin',
    body: newTokenSchema,
    result: createdTokenSchema,
    status: 201,
    repeat: 'keyed',
  },
  removeToken: {
    method: 'DELETE',
    path: '/api/tokens/{token}',
    summary: 'Let somebody in no more',
    role: 'admin',
  },
});
