import type { OptioApi } from '../../contract/api.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import type { OpenRequest } from '../../contract/run-summary.ts';
import { fromUnknown, OptioError } from '../../errors.ts';
import { describeRequest } from '../requests/request-line.ts';
import { recentRuns, whyNotOpen } from './answered-request.ts';
import { namedRun } from './named-run.ts';

/** What a REQUEST on the command line may be, for the help. */
export const REQUEST_HELP = 'its id, the beginning of it, RUN/REQUEST, or a run that asks only this';

const PREFIX = 'request-';
/** Fewer characters would name a request by accident. */
const MIN_BEGINNING = 4;

/**
 * The open request that somebody has named: by its id or the beginning of it (`request-` may be left out), as RUN/REQUEST,
 * or by a run that asks nothing else. Throws `not-found`, which says who has answered it before, where somebody has, and
 * `invalid-input` where it may be one of several; the remedy lists which there are.
 */
export async function namedRequest(api: OptioApi, name: string): Promise<OpenRequest> {
  const slash = name.lastIndexOf('/');
  if (slash > 0) {
    const run = await namedRun(api, name.slice(0, slash));
    const ofRun = await api.requests(run.id);
    const which = name.slice(slash + 1);
    const only = onlyOf(matching(ofRun, which), name);
    if (only) return only;
    const why = await whyNotOpen([run], (requests) => matching(requests, which));
    throw why ?? notOpen(name, ofRun);
  }
  const open = await api.requests();
  const only = onlyOf(matching(open, name), name);
  if (only) return only;
  const run = await runNamed(api, name);
  const asked =
    run &&
    onlyOf(
      open.filter(({ runId }) => runId === run.id),
      name,
    );
  if (asked) return asked;
  // Of a run that asks nothing any more, what it asked last is meant.
  const why = run
    ? await whyNotOpen([run], (requests) => requests.slice(-1))
    : await whyNotOpen(recentRuns(api), (requests) => matching(requests, name));
  throw why ?? notOpen(name, open);
}

function matching<T extends Pick<OpenRequest, 'request'>>(requests: readonly T[], name: string): T[] {
  const exact = requests.filter(({ request }) => request.id === name);
  if (exact.length > 0) return exact;
  const beginning = name.startsWith(PREFIX) ? name : PREFIX + name;
  if (beginning.length < PREFIX.length + MIN_BEGINNING) return [];
  return requests.filter(({ request }) => request.id.startsWith(beginning));
}

async function runNamed(api: OptioApi, name: string): Promise<RunHandle | undefined> {
  try {
    return await api.find(name);
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Undefined where there is none. */
function onlyOf(meant: readonly OpenRequest[], name: string): OpenRequest | undefined {
  if (meant.length <= 1) return meant[0];
  throw new OptioError('invalid-input', `${name} may be one of several requests`, { remedy: listOf(meant) });
}

function notOpen(name: string, open: readonly OpenRequest[]): OptioError {
  return new OptioError('not-found', `no open request is called ${name}`, {
    remedy: open.length > 0 ? listOf(open) : 'Nothing waits for an answer.',
  });
}

function listOf(requests: readonly OpenRequest[]): string {
  return ['Name one of them:', ...requests.map((open) => `  ${describeRequest(open)}`)].join('\n');
}
