import { conversationRoutes } from './routes/conversation.ts';
import { fileRoutes } from './routes/files.ts';
import { journalRoutes } from './routes/journal.ts';
import { queueRoutes } from './routes/queue.ts';
import { requestRoutes } from './routes/requests.ts';
import { runRoutes } from './routes/run.ts';
import { runsRoutes } from './routes/runs.ts';
import { seedRoutes } from './routes/seeds.ts';
import { serverRoutes } from './routes/server.ts';
import { taskRoutes } from './routes/tasks.ts';

/** Every route of the API by what it is for: the server has to answer each of them, and the document tells of all. */
export const ROUTE_GROUPS = {
  runs: runsRoutes,
  run: runRoutes,
  conversation: conversationRoutes,
  queue: queueRoutes,
  journal: journalRoutes,
  requests: requestRoutes,
  files: fileRoutes,
  tasks: taskRoutes,
  seeds: seedRoutes,
  server: serverRoutes,
} as const;

export const ROUTES = {
  ...runsRoutes,
  ...runRoutes,
  ...conversationRoutes,
  ...queueRoutes,
  ...journalRoutes,
  ...requestRoutes,
  ...fileRoutes,
  ...taskRoutes,
  ...seedRoutes,
  ...serverRoutes,
} as const;

export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;
