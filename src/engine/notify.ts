import { setTimeout as delay } from 'node:timers/promises';
import type { Request } from '../contract/request.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { LocalHost } from '../hosts/local.ts';
import type { OpenedRequest, Task } from '../task/task.ts';

const DEADLINE_MS = 10_000;
/** The pauses before the second and the third attempt, in milliseconds. */
const PAUSES_MS = [1_000, 5_000];
const MAX_OUTPUT_BYTES = 64 * 1024;

export interface NotifyOptions {
  /** Where the run works: if that is this machine, it knows where nothing is to be executed from. */
  readonly host: Host;
  /** Aborted when the request needs no answer any more: nothing is tried again then. */
  readonly signal: AbortSignal;
  /** Stands in for the pauses between the attempts, for tests. */
  readonly pausesMs?: readonly number[];
}

/**
 * Tells everybody whom a task names that a request waits, all of them at the same time. Never rejects: the result says who
 * was not told, and why.
 */
export async function notify(
  opened: OpenedRequest,
  { onRequest, requests: { webhook, notify: command } = {} }: Pick<Task, 'onRequest' | 'requests'>,
  { host, signal, pausesMs = PAUSES_MS }: NotifyOptions,
): Promise<string[]> {
  const told = await Promise.all([
    onRequest && failureOf('the hook', async () => onRequest(structuredClone(opened))),
    webhook && failureOf('the webhook', () => post(webhook, opened, { signal, pausesMs })),
    command && failureOf(`the command ${command[0]}`, () => runCommand(command, opened, host)),
  ]);
  return told.filter((failure) => failure !== undefined);
}

async function failureOf(whom: string, tell: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await tell();
    return undefined;
  } catch (thrown) {
    return `${whom} was not told of a request: ${fromUnknown(thrown).message}`;
  }
}

async function post(
  { url, deadlineMs = DEADLINE_MS }: { readonly url: string; readonly deadlineMs?: number | undefined },
  { request, ...opened }: OpenedRequest,
  { signal, pausesMs }: Required<Pick<NotifyOptions, 'signal' | 'pausesMs'>>,
): Promise<void> {
  const body = JSON.stringify({ ...opened, request: outlineOf(request) });
  for (const pauseMs of [...pausesMs, undefined]) {
    if (signal.aborted) return;
    const failure = await postOnce(url, body, AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]));
    if (failure === undefined || signal.aborted) return;
    if (pauseMs === undefined || failure.isFinal) throw new OptioError('call-failed', failure.why);
    await delay(pauseMs, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** The address is left out of what went wrong: whoever knows it may often write there. */
async function postOnce(
  url: string,
  body: string,
  signal: AbortSignal,
): Promise<{ why: string; isFinal: boolean } | undefined> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const { status } = response;
    return { why: `it answers ${status}`, isFinal: status < 500 && status !== 408 && status !== 429 };
  } catch (thrown) {
    const why = (thrown as Error).name === 'TimeoutError' ? 'it does not answer in time' : 'it cannot be reached';
    return { why, isFinal: false };
  }
}

/** Which request it is and what it is about. Commands, diffs, arguments and questions may hold secrets, and stay here. */
function outlineOf(request: Request): object {
  const { id, kind, threadId, turnId, itemId } = request;
  return {
    id,
    kind,
    threadId,
    turnId,
    itemId,
    ...('sandboxed' in request && { sandboxed: request.sandboxed }),
    ...('server' in request && { server: request.server }),
    ...('tool' in request && { tool: request.tool }),
  };
}

async function runCommand([name = '', ...rest]: readonly string[], opened: OpenedRequest, host: Host): Promise<void> {
  const input = JSON.stringify(opened);
  const here = host.isLocal ? host : new LocalHost();
  await here.run([name, ...rest], { input, deadlineMs: DEADLINE_MS, maxOutputBytes: MAX_OUTPUT_BYTES });
}
