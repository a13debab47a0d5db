import { z } from 'zod';
import { IMAGE_TYPES_IN_WORDS, MAX_IMAGES } from '../image-type.ts';
import { MAX_IMAGE_NAME, MAX_QUEUED, queuedMessageSchema, queueStateSchema } from '../message-queue.ts';
import { defineRoutes } from '../route.ts';

const NOT_CONFINED = 'In a run that is not confined only an admin may do so.';

const queuedSchema = z
  .strictObject({
    text: z.string().describe('May be empty where there are images.'),
    images: z
      .array(z.string().min(1).max(MAX_IMAGE_NAME))
      .max(MAX_IMAGES)
      .optional()
      .describe(
        `Pictures that go with it: files of the workspace, ${IMAGE_TYPES_IN_WORDS}. They are looked at when it is sent.`,
      ),
  })
  .refine(({ text, images = [] }) => text.trim() !== '' || images.length > 0, {
    path: ['text'],
    error: 'say something',
  });

/** The messages of a run that wait to be sent. */
export const queueRoutes = defineRoutes({
  showQueue: {
    method: 'GET',
    path: '/api/runs/{run}/queue',
    summary: 'The messages that wait to be sent, in their order',
    description:
      'The server sends each of them when nothing is under way in the run any more, whoever looks on. Those of a run that has ended were never sent.',
    role: 'viewer',
    result: queueStateSchema,
  },
  queueMessage: {
    method: 'POST',
    path: '/api/runs/{run}/queue',
    summary: 'Put a message at the end of the queue',
    description: `It is on disk when this is answered, and waits for nobody: also a run that has not begun yet takes it. At most ${MAX_QUEUED} messages, and 1,048,576 characters with the names of their pictures, wait in a run (\`queue-full\`). The \`Idempotency-Key\` is its id. ${NOT_CONFINED}`,
    role: 'operator',
    body: queuedSchema,
    result: queuedMessageSchema,
    status: 201,
    repeat: 'keyed',
  },
  clearQueue: {
    method: 'DELETE',
    path: '/api/runs/{run}/queue',
    summary: 'Take back all messages that wait',
    role: 'operator',
  },
  editQueued: {
    method: 'PATCH',
    path: '/api/runs/{run}/queue/{message}',
    summary: 'Change what a message says that waits, and let it go where it was held',
    description: NOT_CONFINED,
    role: 'operator',
    body: z.strictObject({
      text: z.string(),
      was: z.string().optional().describe('Only when it says this now, or the new text (`state-changed` otherwise).'),
    }),
  },
  removeQueued: {
    method: 'DELETE',
    path: '/api/runs/{run}/queue/{message}',
    summary: 'Take back a message that waits',
    role: 'operator',
  },
  moveQueued: {
    method: 'POST',
    path: '/api/runs/{run}/queue/{message}/move',
    summary: 'Put a message before another one, or at the end',
    description: NOT_CONFINED,
    role: 'operator',
    body: z.strictObject({
      before: z.string().min(1).nullable().describe('The id of the other one; null for the end.'),
    }),
    repeat: 'same',
  },
  holdQueued: {
    method: 'POST',
    path: '/api/runs/{run}/queue/{message}/hold',
    summary: 'Say that somebody is changing a message: neither it nor what comes after it is sent',
    description: NOT_CONFINED,
    role: 'operator',
    repeat: 'same',
  },
  releaseQueued: {
    method: 'POST',
    path: '/api/runs/{run}/queue/{message}/release',
    summary: 'Let a message go that is held, whoever has held it',
    description: NOT_CONFINED,
    role: 'operator',
    repeat: 'same',
  },
  pauseQueue: {
    method: 'POST',
    path: '/api/runs/{run}/queue/pause',
    summary: 'Send nothing more of what waits, until it is resumed',
    role: 'operator',
    repeat: 'same',
  },
  resumeQueue: {
    method: 'POST',
    path: '/api/runs/{run}/queue/resume',
    summary: 'Go on sending what waits, also after an interrupt',
    description: NOT_CONFINED,
    role: 'operator',
    repeat: 'same',
  },
});
