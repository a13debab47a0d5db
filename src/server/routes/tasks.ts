import type { BlockFilter, LaunchBlock } from '../../contract/group.ts';
import type { taskRoutes } from '../../contract/routes/tasks.ts';
import { unconfinedInTask } from '../../contract/unconfined.ts';
import { OptioError } from '../../errors.ts';
import { checkConfinement } from '../confinement.ts';
import type { Handlers, ServerContext } from '../handler.ts';
import { invalidInput } from '../http-error.ts';
import { launchOptionsOf } from '../launch-body.ts';

export function taskHandlers({ api }: ServerContext): Handlers<keyof typeof taskRoutes> {
  return {
    listTasks: async () => ({ tasks: await api.tasks() }),
    showTask: ({ params }) => api.task(params.task),
    async putTask({ params, body, caller }) {
      if (body.id !== params.task) {
        throw invalidInput(
          'id',
          `it is ${JSON.stringify(body.id)}, and another one in the address`,
          'Give the same id twice.',
        );
      }
      checkConfinement(caller, unconfinedInTask(body));
      return api.addTask(body);
    },
    removeTask: ({ params }) => api.removeTask(params.task),
    launchTask: async ({ params, body, once }) =>
      (await api.launch(params.task, launchOptionsOf(body, once))).details(),
    pauseTask: ({ params }) => api.pauseTask(params.task),
    resumeTask: ({ params }) => api.resumeTask(params.task),
    listSchedules: async () => ({ schedules: await api.schedules() }),
    listBlocks: async () => ({ blocks: (await api.blocks()).map(plainBlock) }),
    async addBlock({ body: { reason, persist = false, ...filter }, once }) {
      return plainBlock(await api.block(filter as BlockFilter, { reason, persist, ...once }));
    },
    async removeBlock({ params }) {
      const block = (await api.blocks()).find(({ id }) => id === params.block);
      if (!block) {
        throw new OptioError('not-found', `there is no block ${params.block}`, {
          remedy: 'Look for its id in the list of blocks; one that is not there holds no more.',
        });
      }
      await block.release();
    },
  };
}

function plainBlock({ id, metadata, reason, createdAt, isPersistent }: LaunchBlock) {
  return { id, metadata, reason, createdAt, isPersistent };
}
