import { OptioError } from '../errors.ts';
import type { RunMatch, Runs } from '../store/store.ts';

/** How many of the runs are named that may be meant. */
const MAX_NAMED = 10;

/**
 * The id of the run that somebody means: by its id, the beginning of it, its name, or `@last`. Throws `not-found`, and
 * `invalid-input` where it may be one of several.
 */
export async function findRun(runs: Pick<Runs, 'resolve'>, reference: string): Promise<string> {
  const matches = await runs.resolve(reference);
  const [only, ...others] = matches;
  if (!only) {
    throw new OptioError('not-found', `there is no run ${reference}`, {
      remedy: 'Look at the list of runs. Of an id at least four characters after `run-` are needed, of a name all.',
    });
  }
  if (others.length === 0) return only.id;
  const named = matches.slice(0, MAX_NAMED).map(describe);
  throw new OptioError('invalid-input', `more than one run may be meant by "${reference}"`, {
    field: 'run',
    remedy: [matches.length > MAX_NAMED ? 'Name one by its id; the newest are:' : 'Name one by its id:', ...named].join(
      '\n  ',
    ),
  });
}

function describe({ id, state, name, createdAt }: RunMatch): string {
  return `${id}  ${state}  ${createdAt}  ${name.replace(/\s+/g, ' ')}`;
}
