import type { RouteName } from '../contract/routes.ts';
import type { Handlers, ServerContext } from './handler.ts';
import { conversationHandlers } from './routes/conversation.ts';
import { fileHandlers } from './routes/files.ts';
import { journalHandlers } from './routes/journal.ts';
import { queueHandlers } from './routes/queue.ts';
import { requestHandlers } from './routes/requests.ts';
import { runHandlers } from './routes/run.ts';
import { runsHandlers } from './routes/runs.ts';
import { seedHandlers } from './routes/seeds.ts';
import { serverHandlers } from './routes/server.ts';
import { taskHandlers } from './routes/tasks.ts';

/** What answers each route of the API. */
export function handlersOf(context: ServerContext): Handlers<RouteName> {
  return {
    ...runsHandlers(context),
    ...runHandlers(context),
    ...conversationHandlers(context),
    ...queueHandlers(context),
    ...journalHandlers(context),
    ...requestHandlers(context),
    ...fileHandlers(context),
    ...taskHandlers(context),
    ...seedHandlers(context),
    ...serverHandlers(context),
  };
}
