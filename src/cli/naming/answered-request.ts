import type { OptioApi } from '../../contract/api.ts';
import type { RunState } from '../../contract/outcome.ts';
import { answerInWords } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import type { RequestView } from '../../contract/view.ts';
import { OptioError } from '../../errors.ts';

/** In how many runs a request is looked for of which only the id is known: a journal has to be read for each. */
const MAX_RUNS = 10;
const UNDER_WAY: readonly RunState[] = ['starting', 'running', 'paused', 'cancelling'];

/**
 * Why a request of one of these runs is not open, `not-found`: who has answered it, and what. Undefined where none of them has
 * asked it, or where that cannot be told. Of the requests of a run `choose` finds those that are meant; the oldest comes first.
 */
export function whyNotOpen(...given: Parameters<typeof lookFor>): Promise<OptioError | undefined> {
  return lookFor(...given).catch(() => undefined); // that it is not open says more
}

async function lookFor(
  runs: Iterable<RunHandle> | AsyncIterable<RunHandle>,
  choose: (requests: readonly RequestView[]) => readonly RequestView[],
): Promise<OptioError | undefined> {
  for await (const run of runs) {
    const { requests } = await run.view();
    const closed = Object.values(requests).filter(({ state }) => state !== 'open');
    const [found, ...others] = choose(closed);
    if (found && others.length === 0) return errorOf(found);
  }
  return undefined;
}

/** The newest that are under way, and the newest of all. */
export async function* recentRuns(api: OptioApi): AsyncIterable<RunHandle> {
  const seen = new Set<string>();
  for (const states of [{ states: [...UNDER_WAY] }, {}]) {
    const { runs } = await api.list({ ...states, limit: MAX_RUNS });
    for (const { id } of runs) {
      if (!seen.has(id)) yield await api.find(id);
      seen.add(id);
    }
  }
}

function errorOf({ request, answer, by }: RequestView): OptioError {
  const which = `the request ${request.id}`;
  if (!answer) return new OptioError('not-found', `${which} is not open any more: it needs no answer`);
  return new OptioError('not-found', `${which} was answered with ${answerInWords(answer)} by ${by} before`, {
    remedy: 'The first answer holds.',
  });
}
