import type { OptioApi } from '../../contract/api.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { fromUnknown, OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { listOf, MAX_LISTED } from './only-run.ts';

/**
 * The run that somebody has named, by its id, the beginning of it, its name, or `@last`. Throws `not-found`, and
 * `invalid-input` where it may be one of several; the remedy lists which there are.
 */
export async function namedRun(api: OptioApi, name: string): Promise<RunHandle> {
  try {
    return await api.find(name);
  } catch (thrown) {
    const error = fromUnknown(thrown);
    const remedy = await remedyFor(api, name, error).catch(() => undefined); // why it was not found says more
    if (remedy === undefined) throw error;
    throw new OptioError(error.code, error.message, { ...error.details, cause: error, remedy });
  }
}

async function remedyFor(api: OptioApi, name: string, { code }: OptioError): Promise<string | undefined> {
  if (code === 'invalid-input') {
    const { runs } = await api.list({ search: name, limit: MAX_LISTED });
    const meant = runs.filter(
      (run) => run.name === name || run.id.startsWith(name) || run.id.startsWith(`run-${name}`),
    );
    return meant.length > 0 ? listOf('Name one of them by its id:', meant) : undefined;
  }
  if (code !== 'not-found') return undefined;
  const { runs, next } = await api.list({ limit: MAX_LISTED });
  if (runs.length === 0) return `There are no runs yet. Begin one: ${COMMAND} run "Explain this repository"`;
  return listOf(next ? `The newest are (all of them: ${COMMAND} ps -a):` : 'There are:', runs);
}
