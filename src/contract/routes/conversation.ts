import { z } from 'zod';
import { IMAGE_TYPES_IN_WORDS, MAX_IMAGES } from '../image-type.ts';
import { defineRoutes } from '../route.ts';

const controlsSchema = z.object({
  model: z.string(),
  effort: z.string().nullable(),
  approvalPolicy: z.string(),
  profile: z.string().nullable(),
});

const messageSchema = z
  .strictObject({
    text: z.string().describe('May be empty where there are images.'),
    steer: z.boolean().optional().describe('Into the running turn (false: it is the next one).'),
    images: z
      .array(z.string().min(1))
      .max(MAX_IMAGES)
      .optional()
      .describe(
        `Pictures that go with it: files of the workspace, from there on, ${IMAGE_TYPES_IN_WORDS}, of at most 10 MiB each.`,
      ),
  })
  .refine(({ text, images = [] }) => text !== '' || images.length > 0, { path: ['text'], error: 'say something' });

/** The live session of a run: messages, and what a person may turn. */
export const conversationRoutes = defineRoutes({
  sendMessage: {
    method: 'POST',
    path: '/api/runs/{run}/messages',
    summary: 'Send a message, or put it into the running turn',
    description:
      'It is answered once Codex has accepted the message, which waits for its session and while the run is paused. With an `Idempotency-Key` it may be sent again after a lost connection: it arrives once. To a run that is not confined only an admin may send one.',
    role: 'operator',
    body: messageSchema,
    result: z.object({
      turnId: z.string(),
      /** The number in the journal after which all of the turn is told; read on from there to see how it ends. */
      after: z.number().optional(),
    }),
    status: 201,
    repeat: 'keyed',
  },
  interruptRun: {
    method: 'POST',
    path: '/api/runs/{run}/interrupt',
    summary: 'End the running turn, with its commands; the run goes on',
    role: 'operator',
    body: z.strictObject({
      turnId: z
        .string()
        .optional()
        .describe(
          'Only when it is this turn that runs. While another server takes up the run, its session is waited for.',
        ),
    }),
  },
  showControls: {
    method: 'GET',
    path: '/api/runs/{run}/controls',
    summary: 'What holds for the turns to come; null before there is a session',
    role: 'viewer',
    result: z.object({ controls: controlsSchema.nullable() }),
  },
  changeControls: {
    method: 'PATCH',
    path: '/api/runs/{run}/controls',
    summary: 'Choose the model, and how hard it thinks, for the turns to come',
    description: 'Of a run that is not confined only an admin may choose.',
    role: 'operator',
    body: z
      .strictObject({ model: z.string().min(1).optional(), effort: z.string().min(1).optional() })
      .refine(({ model, effort }) => model !== undefined || effort !== undefined, { error: 'say model or effort' })
      .meta({ minProperties: 1 }),
  },
});
