import { z } from 'zod';
import { launchOptionsSchema } from '../launch-options.ts';
import { defineRoutes } from '../route.ts';
import { runDetailsSchema } from '../run-summary.ts';
import { scheduleStatusSchema } from '../schedule.ts';
import { reasonSchema, tagsSchema } from '../tags.ts';
import { taskDefinitionSchema, taskDetailsSchema, taskSummarySchema } from '../task-definition.ts';

const blockSchema = z.object({
  id: z.string(),
  metadata: z.record(z.string(), z.string()),
  reason: z.string(),
  createdAt: z.string(),
  isPersistent: z.boolean(),
});

/** Tasks, their schedules, and what keeps them from being launched. */
export const taskRoutes = defineRoutes({
  listTasks: {
    method: 'GET',
    path: '/api/tasks',
    summary: 'The tasks that are defined',
    role: 'viewer',
    result: z.object({ tasks: z.array(taskSummarySchema) }),
  },
  showTask: {
    method: 'GET',
    path: '/api/tasks/{task}',
    summary: 'A task, with its definition',
    role: 'viewer',
    result: taskDetailsSchema,
  },
  putTask: {
    method: 'PUT',
    path: '/api/tasks/{task}',
    summary: 'Define a task; one of the same id takes its place, for the runs to come',
    role: 'operator',
    body: taskDefinitionSchema,
    result: taskDetailsSchema,
  },
  removeTask: {
    method: 'DELETE',
    path: '/api/tasks/{task}',
    summary: 'Forget a task; its runs are kept',
    role: 'operator',
  },
  launchTask: {
    method: 'POST',
    path: '/api/tasks/{task}/launch',
    summary: 'Launch a run of a task',
    role: 'operator',
    body: launchOptionsSchema,
    result: runDetailsSchema,
    status: 201,
    repeat: 'keyed',
  },
  pauseTask: {
    method: 'POST',
    path: '/api/tasks/{task}/pause',
    summary: 'Launch nothing of a task until it is resumed; its runs go on',
    role: 'operator',
    repeat: 'same',
  },
  resumeTask: {
    method: 'POST',
    path: '/api/tasks/{task}/resume',
    summary: 'Let a task be launched again, and its schedule hold from now on',
    role: 'operator',
    repeat: 'same',
  },
  listSchedules: {
    method: 'GET',
    path: '/api/schedules',
    summary: 'Where the schedules stand',
    role: 'viewer',
    result: z.object({ schedules: z.array(scheduleStatusSchema) }),
  },
  listBlocks: {
    method: 'GET',
    path: '/api/blocks',
    summary: 'What may not be launched for now',
    role: 'viewer',
    result: z.object({ blocks: z.array(blockSchema) }),
  },
  addBlock: {
    method: 'POST',
    path: '/api/blocks',
    summary: 'Refuse launches of runs with certain tags, or of all, until the block is removed',
    role: 'operator',
    body: z.strictObject({
      metadata: tagsSchema.optional().describe('Runs with all of these tags; all runs when there are none.'),
      reason: reasonSchema.describe('Told to whoever is refused.'),
      persist: z.boolean().optional().describe('It holds over restarts (false).'),
    }),
    result: blockSchema,
    status: 201,
    repeat: 'keyed',
  },
  removeBlock: {
    method: 'DELETE',
    path: '/api/blocks/{block}',
    summary: 'Lift a block',
    role: 'operator',
  },
});
