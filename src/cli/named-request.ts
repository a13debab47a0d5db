import type { OptioApi } from '../contract/api.ts';
import type { OpenRequest } from '../contract/run-summary.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { namedRun } from './named-run.ts';
import { describeRequest } from './request-line.ts';

/** What a REQUEST on the command line may be, for the help. */
export const REQUEST_HELP = 'its id, the beginning of it, RUN/REQUEST, or a run that asks only this';

const PREFIX = 'request-';
/** Fewer characters would name a request by accident. */
const MIN_BEGINNING = 4;

/**
 * The open request that somebody has named: by its id or the beginning of it (`request-` may be left out), as RUN/REQUEST,
 * or by a run that asks nothing else. Throws `not-found`, and `invalid-input` where it may be one of several; the remedy
 * lists which there are.
 */
export async function namedRequest(api: OptioApi, name: string): Promise<OpenRequest> {
  const slash = name.lastIndexOf('/');
  if (slash > 0) {
    const run = await namedRun(api, name.slice(0, slash));
    const ofRun = await api.requests(run.id);
    return onlyOf(matching(ofRun, name.slice(slash + 1)), name, ofRun);
  }
  const open = await api.requests();
  const meant = matching(open, name);
  return onlyOf(meant.length > 0 ? meant : await ofRunNamed(api, name, open), name, open);
}

function matching(open: readonly OpenRequest[], name: string): OpenRequest[] {
  const exact = open.filter(({ request }) => request.id === name);
  if (exact.length > 0) return exact;
  const beginning = name.startsWith(PREFIX) ? name : PREFIX + name;
  if (beginning.length < PREFIX.length + MIN_BEGINNING) return [];
  return open.filter(({ request }) => request.id.startsWith(beginning));
}

async function ofRunNamed(api: OptioApi, name: string, open: readonly OpenRequest[]): Promise<OpenRequest[]> {
  try {
    const { id } = await api.find(name);
    return open.filter(({ runId }) => runId === id);
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (error.code === 'not-found') return [];
    throw error;
  }
}

function onlyOf(meant: readonly OpenRequest[], name: string, open: readonly OpenRequest[]): OpenRequest {
  const [only] = meant;
  if (only && meant.length === 1) return only;
  if (only) throw new OptioError('invalid-input', `${name} may be one of several requests`, { remedy: listOf(meant) });
  throw new OptioError('not-found', `no open request is called ${name}`, {
    remedy: open.length > 0 ? listOf(open) : 'Nothing waits for an answer.',
  });
}

function listOf(requests: readonly OpenRequest[]): string {
  return ['Name one of them:', ...requests.map((open) => `  ${describeRequest(open)}`)].join('\n');
}
