import type { OptioApi } from '../../contract/api.ts';
import { MAX_PAGE, type RunFilter } from '../../contract/run-query.ts';
import type { RunSummary } from '../../contract/run-summary.ts';

export interface Runs {
  readonly runs: RunSummary[];
  /** There are more than were wanted. */
  readonly isPartial: boolean;
}

/** The runs that match, the newest first, and no more than `limit`: as many pages as that takes. */
export async function readRuns(api: OptioApi, filter: RunFilter, limit: number): Promise<Runs> {
  const runs: RunSummary[] = [];
  let cursor: string | undefined;
  for (;;) {
    const wanted = Math.min(MAX_PAGE, limit - runs.length);
    const page = await api.list({ ...filter, limit: wanted, ...(cursor !== undefined && { cursor }) });
    runs.push(...page.runs.slice(0, limit - runs.length));
    cursor = page.next ?? undefined;
    if (cursor === undefined || runs.length >= limit) return { runs, isPartial: cursor !== undefined };
  }
}
