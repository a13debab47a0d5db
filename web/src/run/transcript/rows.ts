import type { Item } from '../../../../src/contract/item.ts';
import type { RequestView, TurnView } from '../../../../src/contract/view.ts';
import type { Journal, TurnTimes } from '../../live/journal.ts';

/** A row of the transcript. `revision` tells whether it has changed, since what it shows is changed in place. */
export type Row =
  | {
      readonly key: string;
      readonly kind: 'item';
      readonly item: Item;
      readonly isOpen: boolean;
      readonly revision: number;
    }
  | { readonly key: string; readonly kind: 'request'; readonly request: RequestView; readonly revision: string }
  | {
      readonly key: string;
      readonly kind: 'turnEnd';
      readonly turn: TurnView;
      readonly times: TurnTimes;
      readonly revision: number;
    };

/** The rows of a run, in the order in which things happened. */
export function rowsOf(journal: Journal): Row[] {
  const { view } = journal;
  const rows: Row[] = [];
  const requests = new Map<string, RequestView[]>();
  for (const entry of Object.values(view.requests)) {
    const turnId = entry.request.turnId ?? '';
    requests.set(turnId, [...(requests.get(turnId) ?? []), entry]);
  }
  for (const turnId of view.turnOrder) {
    const turn = view.turns[turnId];
    if (!turn || turn.threadId !== null) continue;
    for (const itemId of turn.itemOrder) {
      const entry = turn.items[itemId];
      if (entry) rows.push({ key: itemId, kind: 'item', ...entry, revision: journal.revisionOf(itemId) });
    }
    for (const request of requests.get(turnId) ?? [])
      rows.push({ key: request.request.id, kind: 'request', request, revision: request.state });
    const times = journal.turns.get(turnId);
    if (turn.status !== 'running' && times)
      rows.push({ key: `${turnId}/end`, kind: 'turnEnd', turn, times, revision: journal.revisionOf(turnId) });
  }
  return rows;
}
