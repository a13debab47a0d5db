import type { OptioApi } from '../../contract/api.ts';
import { fromUnknown, LaunchRefused, OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { oneLine, printableName } from '../terminal/text.ts';

/** How many tasks are listed to somebody who has named none of them. */
const MAX_LISTED = 10;
const MAX_NAME = 50;

/** Does something with a task that somebody has named. Throws what that throws; where there is no such task, the remedy lists them. */
export async function withNamedTask<T>(api: OptioApi, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    const error = fromUnknown(thrown);
    const isMissing = error instanceof LaunchRefused ? error.reason === 'not-found' : error.code === 'not-found';
    if (!isMissing) throw error;
    const remedy = await tasksOf(api).catch(() => undefined); // that there is no such task says more
    if (remedy === undefined) throw error;
    throw new OptioError(error.code, error.message, { ...error.details, cause: error, remedy });
  }
}

async function tasksOf(api: OptioApi): Promise<string> {
  const tasks = await api.tasks();
  if (tasks.length === 0) return `There are no tasks yet. Define one: ${COMMAND} task add FILE`;
  const title = tasks.length > MAX_LISTED ? `Some of those there are (all of them: ${COMMAND} tasks):` : 'There are:';
  const lines = tasks.slice(0, MAX_LISTED).map(({ id, name }) => `  ${printableName(id)}  ${oneLine(name, MAX_NAME)}`);
  return [title, ...lines].join('\n');
}
