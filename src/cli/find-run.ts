import type { OptioApi } from '../contract/api.ts';
import type { RunState } from '../contract/outcome.ts';
import type { RunSummary } from '../contract/run-summary.ts';
import { OptioError } from '../errors.ts';
import { COMMAND } from './command.ts';
import { oneLine } from './text.ts';

/** The states of a run that goes on, or will. */
export const UNENDED: readonly RunState[] = ['scheduled', 'starting', 'running', 'paused', 'cancelling'];

const MAX_NAME = 50;

/**
 * The run that somebody means: by its id or the beginning of it, or, without either, the only one that has not ended.
 * Throws `not-found`, and `invalid-input` where it may be one of several.
 */
export async function findRun(api: OptioApi, name: string | undefined): Promise<RunSummary> {
  const { runs } = await api.list(name === undefined ? { states: [...UNENDED] } : {});
  const meant = runs.filter(({ id }) => name === undefined || id.startsWith(name));
  const exact = meant.find(({ id }) => id === name);
  const [only] = meant;
  if (exact) return exact;
  if (!only) throw new OptioError('not-found', name ? `there is no run ${name}` : 'there is no unfinished run');
  if (meant.length === 1) return only;
  const which = name ? `begins with ${name}` : 'has not ended';
  throw new OptioError('invalid-input', `more than one run ${which}`, {
    remedy: ['Name one:', ...meant.map((run) => `  ${COMMAND} attach ${describeRun(run)}`)].join('\n'),
  });
}

/** A run in a line. */
export function describeRun({ id, state, name, openRequests, problem }: RunSummary): string {
  const waits = problem ? ', waits for its program' : openRequests > 0 ? ', waits for you' : '';
  return `${id}  ${state}${waits}  ${oneLine(name, MAX_NAME)}`;
}
