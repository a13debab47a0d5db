import type { OptioApi } from '../../contract/api.ts';
import type { FoundPage, FoundRun, SearchQuery } from '../../contract/search.ts';

/** The API gives no more at once. */
const MAX_PAGE = 100;

/** What a search finds, in so many runs at most, however many pages that takes. */
export async function readFound(
  api: Pick<OptioApi, 'search'>,
  query: SearchQuery,
  limit: number,
): Promise<{ readonly found: FoundRun[]; readonly isPartial: boolean; readonly isBehind: boolean }> {
  const found: FoundRun[] = [];
  let page: FoundPage;
  let cursor: string | undefined;
  do {
    page = await api.search({ ...query, limit: Math.min(MAX_PAGE, limit - found.length), ...(cursor && { cursor }) });
    found.push(...page.found);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && found.length < limit);
  return { found, isPartial: page.next !== null, isBehind: page.isBehind };
}
