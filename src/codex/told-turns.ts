import type { CodexNotification } from './client.ts';
import type { ThreadItem } from './protocol/v2/ThreadItem.ts';
import type { Turn } from './protocol/v2/Turn.ts';

/** How far an item was told. */
type Told = 'started' | 'completed';

/** What Codex has told of the turns of a thread, so that after a lost connection it is known what it has not. */
export class ToldTurns {
  readonly #threadId: string;
  /** What was told of the items of each turn that has not ended. */
  readonly #running = new Map<string, Map<string, Told>>();
  /** The newest turn of all; undefined while there was none. */
  #newest: string | undefined;

  /** `before` are the turns that the thread had when it was opened. */
  constructor(threadId: string, before: readonly Turn[]) {
    this.#threadId = threadId;
    this.#newest = before.findLast(({ status }) => status !== 'inProgress')?.id;
  }

  onNotification({ method, params }: CodexNotification): void {
    if (!('threadId' in params) || params.threadId !== this.#threadId) return;
    switch (method) {
      case 'turn/started':
        this.#newest = params.turn.id;
        this.#running.set(params.turn.id, new Map());
        break;
      case 'item/started':
        this.#running.get(params.turnId)?.set(params.item.id, 'started');
        break;
      case 'item/completed':
        this.#running.get(params.turnId)?.set(params.item.id, 'completed');
        break;
      case 'turn/completed':
        this.#running.delete(params.turn.id);
        break;
    }
  }

  /** Those of a thread's turns, oldest first, of which something may not have been told. */
  unfinished(turns: readonly Turn[]): readonly Turn[] {
    const known = turns.findIndex(({ id }) => id === this.#newest);
    const isNewer = (index: number) => index > known && (known >= 0 || this.#newest === undefined);
    return turns.filter(({ id }, index) => isNewer(index) || this.#running.has(id));
  }

  /** What Codex would have told of these turns, had there been anybody to tell. */
  missed(turns: readonly Turn[]): CodexNotification[] {
    return this.unfinished(turns).flatMap((turn) => {
      const told = this.#running.get(turn.id);
      const at = { threadId: this.#threadId, turnId: turn.id };
      const begin: CodexNotification[] = told ? [] : [{ method: 'turn/started', params: { ...at, turn } }];
      const items = (turn.items ?? []).flatMap((item) => missedOf(item, told?.get(item.id), at));
      const end: CodexNotification[] =
        turn.status === 'inProgress' ? [] : [{ method: 'turn/completed', params: { ...at, turn } }];
      return [...begin, ...items, ...end];
    });
  }
}

function missedOf(
  item: ThreadItem,
  told: Told | undefined,
  at: { readonly threadId: string; readonly turnId: string },
): CodexNotification[] {
  const isRunning = 'status' in item && item.status === 'inProgress';
  const notifications: CodexNotification[] = [];
  if (!told)
    notifications.push({ method: 'item/started', params: { ...at, item, startedAtMs: item.startedAtMs ?? 0 } });
  if (!isRunning && told !== 'completed') {
    notifications.push({ method: 'item/completed', params: { ...at, item, completedAtMs: item.completedAtMs ?? 0 } });
  }
  return notifications;
}
