import type { RunEvent } from '../../../src/contract/event.ts';
import { fetchOrTake } from './asked-ahead.ts';

/** More than a screen shows of most runs, and little to read; ask-ahead.js asks for as many. */
const EVENTS = 300;
/** So long one waits for them, in milliseconds. */
const DEADLINE_MS = 10_000;

/** The newest events of a run, of the server that lies at `base`; undefined where it does not tell them just now. */
export async function readJournalEnd(base: string, runId: string): Promise<readonly RunEvent[] | undefined> {
  const path = `${base}/api/runs/${encodeURIComponent(runId)}/journal?last=${EVENTS}`;
  try {
    const response = await fetchOrTake(path, { signal: AbortSignal.timeout(DEADLINE_MS) });
    return response.ok ? (await response.json()).events : undefined;
  } catch {
    return undefined;
  }
}
