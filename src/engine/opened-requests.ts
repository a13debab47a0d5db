import type { RunEventBody } from '../contract/event.ts';
import { type Answer, type Request, refusalOf } from '../contract/request.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { Task } from '../task/task.ts';
import { notify } from './notify.ts';
import { judge, type Places } from './rules.ts';

/** Who has answered a request that nobody answered in time. */
export const EXPIRY = 'expiry';
/** Before an answer is tried again that the store did not take, in milliseconds. */
const RETRY_MS = 1_000;

/** What of a task decides about its requests. */
export type RequestsOfTask = Pick<Task, 'rules' | 'requests' | 'onRequest'>;

export interface OpenedRequestsOptions {
  readonly runId: string;
  readonly taskId: string;
  readonly task: RequestsOfTask;
  readonly host: Host;
  /** Throws `not-found` when somebody has answered already. */
  readonly answer: (requestId: string, answer: Answer, by: string) => Promise<void>;
  readonly emit: (event: RunEventBody) => void;
}

/**
 * What becomes of a request once it is written down: a rule answers it, or people are told, and it expires. A rule is
 * asked again, and people are told again, by the process that takes the run up after a death.
 */
export class OpenedRequests {
  readonly #options: OpenedRequestsOptions;
  readonly #waiting = new Map<string, { readonly settled: AbortController; timer: NodeJS.Timeout | undefined }>();

  constructor(options: OpenedRequestsOptions) {
    this.#options = options;
  }

  /** The run has failed when a request expires. */
  get failsOnExpiry(): boolean {
    return this.#options.task.requests?.onExpiry === 'fail';
  }

  /** `isNew`: it was written down just now. Resolves when the rules have said what they say; never rejects. */
  async opened(request: Request, openedAt: string, isNew: boolean): Promise<void> {
    const settled = new AbortController();
    this.#waiting.set(request.id, { settled, timer: undefined });
    if (await this.#answeredByRule(request)) return;
    const waiting = this.#waiting.get(request.id);
    if (!waiting || waiting.settled !== settled) return;
    const { runId, taskId, task, host } = this.#options;
    const { expireAfterMs } = task.requests ?? {};
    if (expireAfterMs !== undefined) {
      waiting.timer = setTimeout(() => this.#expire(request), isNew ? expireAfterMs : left(openedAt, expireAfterMs));
    }
    void notify({ runId, taskId, openedAt, request }, task, { host, signal: settled.signal }).then((failures) => {
      if (this.#waiting.get(request.id) !== waiting) return;
      for (const message of failures) this.#options.emit({ type: 'notice', level: 'warning', message });
    });
  }

  /** It needs no answer any more. */
  settled(requestId: string): void {
    const waiting = this.#waiting.get(requestId);
    if (!waiting) return;
    this.#waiting.delete(requestId);
    clearTimeout(waiting.timer);
    waiting.settled.abort();
  }

  close(): void {
    for (const requestId of [...this.#waiting.keys()]) this.settled(requestId);
  }

  async #answeredByRule(request: Request): Promise<boolean> {
    const { rules = [] } = this.#options.task;
    if (rules.length === 0) return false;
    const places = await placesOf(this.#options.host, request);
    const verdict = judge(rules, request, places);
    return verdict !== undefined && (await this.#answer(request, verdict.answer, `rule ${verdict.rule}`));
  }

  #expire(request: Request): void {
    const answer = refusalOf(request, 'nobody answered in time');
    void this.#answer(request, answer, EXPIRY).then((isAnswered) => {
      const waiting = this.#waiting.get(request.id);
      if (!isAnswered && waiting) waiting.timer = setTimeout(() => this.#expire(request), RETRY_MS);
    });
  }

  /** False when the store did not take it. */
  async #answer(request: Request, answer: Answer, by: string): Promise<boolean> {
    try {
      await this.#options.answer(request.id, answer, by);
      return true;
    } catch (thrown) {
      return fromUnknown(thrown).code === 'not-found'; // somebody was quicker
    }
  }
}

export function expired(requestId: string): OptioError {
  return new OptioError('request-expired', `nobody answered the request ${requestId} in time`, {
    remedy: 'Let a rule answer it, give people more time, or let such requests be declined.',
  });
}

/**
 * The clock is asked only for a request that another process had opened, and nobody waits longer than the whole time
 * because of it: a clock that was set back gives at most that time anew, and one that was set ahead while nobody ran looks
 * as if that time had passed.
 */
function left(openedAt: string, expireAfterMs: number): number {
  return Math.min(expireAfterMs, Math.max(0, Date.parse(openedAt) + expireAfterMs - Date.now()));
}

/** Nothing is known of where the files are when one of them cannot be looked for. */
async function placesOf(host: Host, request: Request): Promise<Places> {
  if (request.kind !== 'fileChange' && request.kind !== 'command') return { files: [], roots: [] };
  const root = request.kind === 'command' ? request.workspace : request.cwd;
  const roots = root === undefined ? [] : [root];
  const named =
    request.kind === 'command'
      ? [request.cwd]
      : request.changes.flatMap(({ path, movedTo }) => (movedTo ? [path, movedTo] : [path]));
  try {
    const real = async (path: string) => [path, await host.resolveInside('/', path)];
    const both = async (paths: readonly string[]) => [...new Set((await Promise.all(paths.map(real))).flat())];
    return { files: await both(named), roots: await both(roots) };
  } catch {
    return { files: [], roots };
  }
}
