import { z } from 'zod';
import { defineRoutes } from '../route.ts';
import { workspaceChangesSchema, workspaceDiffSchema } from '../workspace-change.ts';
import { workspaceListingSchema } from '../workspace-file.ts';

const pathQuery = z.strictObject({
  path: z.string().min(1).describe('From the workspace on. Links that lead out of it are not followed.'),
});

/** The workspace of a run. */
export const fileRoutes = defineRoutes({
  listFiles: {
    method: 'GET',
    path: '/api/runs/{run}/files',
    summary: 'A directory of the workspace',
    role: 'viewer',
    query: z.strictObject({ path: z.string().optional().describe('From the workspace on (the workspace itself).') }),
    result: workspaceListingSchema,
  },
  readFile: {
    method: 'GET',
    path: '/api/runs/{run}/file',
    summary: 'A file of the workspace',
    description: 'Always as an attachment, and never as anything that a browser would show.',
    role: 'viewer',
    query: pathQuery,
    answers: 'file',
  },
  writeFile: {
    method: 'PUT',
    path: '/api/runs/{run}/file',
    summary: 'Put a file into the workspace; one that is there is replaced',
    role: 'operator',
    query: pathQuery,
    body: 'bytes',
  },
  listChanges: {
    method: 'GET',
    path: '/api/runs/{run}/changes',
    summary: 'The files that differ from the start of the run',
    description:
      'As the workspace is now, or as it was when the run ended. 50,000 files are looked at, and 2,000 of those that differ are compared line by line.',
    role: 'viewer',
    result: workspaceChangesSchema,
  },
  readDiff: {
    method: 'GET',
    path: '/api/runs/{run}/diff',
    summary: 'How they differ, as a unified diff',
    description: 'At most 8 MiB of it, and 1 MiB of each file.',
    role: 'viewer',
    query: z.strictObject({
      path: z.string().optional().describe('A file, or a directory, from the workspace on (everything).'),
    }),
    result: workspaceDiffSchema,
  },
  downloadFiles: {
    method: 'GET',
    path: '/api/runs/{run}/zip',
    summary: 'A directory of the workspace as a zip',
    description:
      'With all that is in it but links and the directories of git; always as an attachment. What is larger than 4 GiB, or has more than 50,000 files, is refused.',
    role: 'viewer',
    query: z.strictObject({ path: z.string().optional().describe('From the workspace on (the workspace itself).') }),
    answers: 'zip',
  },
});
