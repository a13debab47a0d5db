import type { OptioApi } from '../../contract/api.ts';
import type { RunEvent } from '../../contract/event.ts';
import type { Request } from '../../contract/request.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { COMMAND } from '../command.ts';
import type { Outlet } from '../outlet.ts';
import { waysToAnswer } from '../requests/answer-hint.ts';

/** What keeps a message from Codex. */
export interface Obstacle {
  readonly kind: 'begin' | 'turn' | 'pause';
  /** What the turn asks. */
  readonly request: Request | undefined;
  /** The number of the last event by then. */
  readonly after: number;
}

/** What a message that is sent now will have to wait for; undefined where that is nothing. */
export async function obstacleFor(
  api: OptioApi,
  run: RunHandle,
  { steer }: { readonly steer: boolean },
): Promise<Obstacle | undefined> {
  const { lastSeq: after } = await run.details();
  // What it does just now only a list tells.
  const { runs } = await api.list({ search: run.id });
  const { state, openRequests = 0, digest } = runs.find(({ id }) => id === run.id) ?? {};
  if (state === 'paused') return { kind: 'pause', request: undefined, after };
  if (state === 'scheduled' || state === 'starting') return { kind: 'begin', request: undefined, after };
  if (steer || !digest?.activity) return undefined;
  const [open] = openRequests > 0 ? await api.requests(run.id) : [];
  return { kind: 'turn', request: open?.request, after };
}

export interface TellOptions {
  readonly complaints: Outlet;
  /** Aborted once Codex has the message, or never will. */
  readonly signal: AbortSignal;
}

/** Says what a message waits for, and what the turn before it asks meanwhile; each of these once. */
export async function tellObstacle(
  run: RunHandle,
  { kind, request, after }: Obstacle,
  { complaints, signal }: TellOptions,
): Promise<void> {
  const told = new Set<string>();
  const say = (what: string, line: string) => {
    if (!told.has(what) && !signal.aborted) complaints.write(`${line}\n`);
    told.add(what);
  };
  const sayRequest = (asked: Request) => {
    say('request', `That turn waits for an answer to ${asked.id}: ${waysToAnswer(run.id, asked)}`);
  };
  const sayPause = () => say('pause', `The message waits, as the run is paused: ${COMMAND} resume ${run.id}`);
  if (kind === 'begin') say('begin', 'The message waits until the run has begun.');
  if (kind === 'turn') say('turn', 'The message waits for the turn under way.');
  if (kind === 'pause') sayPause();
  if (request) sayRequest(request);
  for await (const event of run.events({ after, signal })) {
    if (event.type === 'request.opened') sayRequest(event.request);
    if (event.type === 'run.state' && event.state === 'paused') sayPause();
    if (isOver(event)) return;
  }
}

/** After that turn it is the turn of the message. */
function isOver(event: RunEvent): boolean {
  return event.type === 'turn.ended' && event.threadId === undefined;
}
