import type { OptioApi } from '../../contract/api.ts';
import type { RunState } from '../../contract/outcome.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import type { RunSummary } from '../../contract/run-summary.ts';
import { fromUnknown, OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { listOf, MAX_LISTED, UNENDED } from './only-run.ts';

/** Fewer characters of an id name no run. */
const MIN_BEGINNING = 4;
/** No more characters can be looked for in names. */
const MAX_SEARCH = 200;

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

/**
 * The same for whoever only looks: of several runs of one name that have all ended it is the newest, since that is what somebody
 * means who retries a run and looks again.
 */
export async function namedRunToRead(api: OptioApi, name: string): Promise<RunHandle> {
  try {
    return await namedRun(api, name);
  } catch (thrown) {
    const isAmbiguous = fromUnknown(thrown).code === 'invalid-input';
    const newest = isAmbiguous ? await newestEnded(api, name).catch(() => undefined) : undefined;
    if (newest === undefined) throw thrown;
    return api.find(newest);
  }
}

/** Undefined where one of that name has not ended. */
async function newestEnded(api: OptioApi, name: string): Promise<string | undefined> {
  const named = async (states?: RunState[]) => {
    const { runs } = await api.list({ search: name, ...(states && { states }) });
    return runs.filter((run) => run.name === name);
  };
  if ((await named([...UNENDED])).length > 0) return undefined;
  return (await named())[0]?.id;
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
  const alike = await namedAlike(api, name);
  if (alike.length > 0) return listOf('Perhaps one of these is meant:', alike);
  const { runs, next } = await api.list({ limit: MAX_LISTED });
  if (runs.length === 0) return `There are no runs yet. Begin one: ${COMMAND} run "Explain this repository"`;
  const list = listOf(next ? `The newest are (all of them: ${COMMAND} ps -a):` : 'There are:', runs);
  return isTooShort(name) ? `Of an id at least ${MIN_BEGINNING} characters after run- are needed.\n${list}` : list;
}

/** The newest whose name begins so, in upper or lower case, and then those in whose name a word does. */
async function namedAlike(api: OptioApi, name: string): Promise<RunSummary[]> {
  const wanted = wordsOf(name);
  if (wanted === ' ' || name.length > MAX_SEARCH) return [];
  const { runs } = await api.list({ search: name });
  const alike = runs.map((run) => ({ run, at: wordsOf(run.name).indexOf(wanted) })).filter(({ at }) => at >= 0);
  return alike
    .sort((a, b) => Math.sign(a.at) - Math.sign(b.at))
    .slice(0, MAX_LISTED)
    .map(({ run }) => run);
}

/** Each word with one space before it. */
function wordsOf(name: string): string {
  return ` ${name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()}`;
}

function isTooShort(name: string): boolean {
  const beginning = name.replace(/^run-/, '');
  return beginning.length < MIN_BEGINNING && /^[0-9a-f]*$/.test(beginning);
}
