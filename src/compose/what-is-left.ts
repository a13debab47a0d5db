import type { OptioApi } from '../contract/api.ts';
import type { RunState } from '../contract/outcome.ts';
import type { RunSummary } from '../contract/run-summary.ts';
import type { StopReport, StopServer } from '../contract/server-info.ts';
import { isDemo } from '../demo.ts';

const UNDER_WAY: readonly RunState[] = ['starting', 'running', 'paused', 'cancelling'];

/** What a server leaves that stops now, in this way. A demo does not go on: its model ends with the server. */
export async function whatIsLeft(api: OptioApi, { cancel = false, drainMs = 0 }: StopServer): Promise<StopReport> {
  const [left, waiting, requests] = await Promise.all([
    cancel ? [] : runsIn(api, UNDER_WAY),
    runsIn(api, ['scheduled']),
    cancel ? [] : api.requests(),
  ]);
  const demos = new Set(left.filter(isDemo).map(({ id }) => id));
  const staying = (runs: readonly RunSummary[]) => runs.filter((run) => !isDemo(run)).map(({ id }) => id);
  return {
    pid: process.pid,
    left: staying(left),
    waiting: staying(waiting),
    openRequests: requests.filter(({ runId }) => !demos.has(runId)).length,
    drainMs,
    cancel,
  };
}

async function runsIn(api: OptioApi, states: readonly RunState[]): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<OptioApi['list']>> = await api.list({
      states: [...states],
      limit: 500,
      ...(cursor !== null && { cursor }),
    });
    runs.push(...page.runs);
    cursor = page.next;
  } while (cursor !== null);
  return runs;
}
