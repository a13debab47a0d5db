import type { OptioApi } from '../contract/api.ts';
import type { RunState } from '../contract/outcome.ts';
import type { StopReport, StopServer } from '../contract/server-info.ts';

const UNDER_WAY: readonly RunState[] = ['starting', 'running', 'paused', 'cancelling'];

/** What a server leaves that stops now, in this way. */
export async function whatIsLeft(api: OptioApi, { cancel = false, drainMs = 0 }: StopServer): Promise<StopReport> {
  const [left, waiting, requests] = await Promise.all([
    cancel ? [] : idsOf(api, UNDER_WAY),
    idsOf(api, ['scheduled']),
    cancel ? [] : api.requests(),
  ]);
  return { pid: process.pid, left, waiting, openRequests: requests.length, drainMs, cancel };
}

async function idsOf(api: OptioApi, states: readonly RunState[]): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<OptioApi['list']>> = await api.list({
      states: [...states],
      limit: 500,
      ...(cursor !== null && { cursor }),
    });
    ids.push(...page.runs.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== null);
  return ids;
}
