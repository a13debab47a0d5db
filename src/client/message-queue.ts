import type { MessageQueue } from '../contract/message-queue.ts';
import { ROUTES } from '../contract/routes.ts';
import { call } from './call.ts';
import type { Connection } from './connection.ts';

/** The queue of a run, over HTTP. There it is the token that says who puts something into it. */
export function toMessageQueue(connection: Connection, run: string): MessageQueue {
  const params = { run };
  const of = (message: string) => ({ params: { run, message } });
  return {
    list: () => call(connection, ROUTES.showQueue, { params }),
    add: (text, { images, idempotencyKey: key } = {}) => {
      const body = { text, ...(images !== undefined && { images: [...images] }) };
      return call(connection, ROUTES.queueMessage, { params, body, key });
    },
    edit: (id, text, { was } = {}) => {
      const body = { text, ...(was !== undefined && { was }) };
      return call(connection, ROUTES.editQueued, { ...of(id), body });
    },
    move: (id, before) => call(connection, ROUTES.moveQueued, { ...of(id), body: { before } }),
    remove: (id) => call(connection, ROUTES.removeQueued, of(id)),
    clear: () => call(connection, ROUTES.clearQueue, { params }),
    hold: (id) => call(connection, ROUTES.holdQueued, of(id)),
    release: (id) => call(connection, ROUTES.releaseQueued, of(id)),
    pause: () => call(connection, ROUTES.pauseQueue, { params }),
    resume: () => call(connection, ROUTES.resumeQueue, { params }),
  };
}
