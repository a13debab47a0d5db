import type { CodexNotification } from './client.ts';
import type { ThreadItem } from './protocol/v2/ThreadItem.ts';
import type { Turn } from './protocol/v2/Turn.ts';

/** How far an item was told. */
type Told = 'started' | 'completed';

interface ToldThread {
  /** What was told of the items of each turn that has not ended. */
  readonly running: Map<string, Map<string, Told>>;
  /** The newest turn of all; undefined while there was none. */
  newest: string | undefined;
}

/** What was told of a thread to somebody before us, who kept a record of it. */
export interface KnownThread {
  readonly threadId: string;
  /** The newest turn of all; absent while there was none. */
  readonly newestTurnId?: string;
  /** Turns that had not ended, with their items. */
  readonly running: readonly {
    readonly turnId: string;
    readonly items: readonly { readonly id: string; readonly isCompleted: boolean }[];
  }[];
}

/** What Codex has told of our thread and its sub-agents', so that after a lost connection it is known what it has not. */
export class ToldThreads {
  readonly #threads = new Map<string, ToldThread>();
  /** What was told late, after the last lost connection. */
  #late: ReadonlySet<string> = new Set();

  /** Begins with a thread that may have had turns before we came. */
  open(threadId: string, turns: readonly Turn[]): void {
    this.#thread(threadId).newest = turns.findLast(({ status }) => status !== 'inProgress')?.id;
  }

  /** Begins where somebody before us has ended. */
  know(threads: readonly KnownThread[]): void {
    for (const { threadId, newestTurnId, running } of threads) {
      const thread = this.#thread(threadId);
      thread.newest = newestTurnId;
      for (const { turnId, items } of running) {
        const told = items.map(({ id, isCompleted }) => [id, isCompleted ? 'completed' : 'started'] as const);
        thread.running.set(turnId, new Map(told));
      }
    }
  }

  onNotification({ method, params }: CodexNotification): void {
    switch (method) {
      case 'turn/started': {
        const thread = this.#thread(params.threadId);
        thread.newest = params.turn.id;
        thread.running.set(params.turn.id, new Map());
        break;
      }
      case 'item/started':
        this.#items(params)?.set(params.item.id, 'started');
        break;
      case 'item/completed':
        this.#items(params)?.set(params.item.id, 'completed');
        break;
      case 'turn/completed':
        this.#thread(params.threadId).running.delete(params.turn.id);
        break;
    }
  }

  /** Those of a thread's turns, oldest first, of which something may not have been told. */
  unfinished(threadId: string, turns: readonly Turn[]): readonly Turn[] {
    const { running, newest } = this.#thread(threadId);
    const known = turns.findIndex(({ id }) => id === newest);
    const isNewer = (index: number) => index > known && (known >= 0 || newest === undefined);
    return turns.filter(({ id }, index) => isNewer(index) || running.has(id));
  }

  /** Whether these turns of a thread go back as far as what was told of it. */
  reaches(threadId: string, turns: readonly Turn[]): boolean {
    const { running, newest } = this.#thread(threadId);
    const ids = new Set(turns.map(({ id }) => id));
    return newest !== undefined && ids.has(newest) && [...running.keys()].every((id) => ids.has(id));
  }

  /** What Codex would have told of these turns, had there been anybody to tell. */
  missed(threadId: string, turns: readonly Turn[]): CodexNotification[] {
    const { running } = this.#thread(threadId);
    return this.unfinished(threadId, turns).flatMap((turn) => {
      const told = running.get(turn.id);
      const at = { threadId, turnId: turn.id };
      const begin: CodexNotification[] = told ? [] : [{ method: 'turn/started', params: { ...at, turn } }];
      const items = (turn.items ?? []).flatMap((item) => missedOf(item, told?.get(item.id), at));
      const end: CodexNotification[] =
        turn.status === 'inProgress' ? [] : [{ method: 'turn/completed', params: { ...at, turn } }];
      return [...begin, ...items, ...end];
    });
  }

  /** What was told of the turns that have not ended as far as we know, to somebody before us. */
  toldBefore(threadId: string, turns: readonly Turn[]): CodexNotification[] {
    const { running } = this.#thread(threadId);
    return turns.flatMap((turn) => {
      const told = running.get(turn.id);
      if (!told) return [];
      const at = { threadId, turnId: turn.id };
      const items = (turn.items ?? []).flatMap((item) => {
        const all = missedOf(item, undefined, at);
        const far = told.get(item.id);
        return far === 'completed' ? all : far === 'started' ? all.slice(0, 1) : [];
      });
      const begin: CodexNotification = { method: 'turn/started', params: { ...at, turn } };
      return [begin, ...items];
    });
  }

  /** All of this is told late. */
  tellLate(missed: readonly CodexNotification[]): void {
    this.#late = new Set(missed.flatMap((notification) => newsOf(notification) ?? []));
  }

  /** Was told late, and is told again by a Codex that told it while we looked at its threads. */
  isRepeated(told: object): boolean {
    if (this.#late.size === 0) return false;
    const news = newsOf(told);
    return news !== undefined && this.#late.has(news);
  }

  #thread(threadId: string): ToldThread {
    const known = this.#threads.get(threadId);
    if (known) return known;
    const thread: ToldThread = { running: new Map(), newest: undefined };
    this.#threads.set(threadId, thread);
    return thread;
  }

  #items({ threadId, turnId }: { threadId: string; turnId: string }): Map<string, Told> | undefined {
    return this.#threads.get(threadId)?.running.get(turnId);
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

/** What a notification tells that is told once only; what belongs to an item is no news after the end of that item. */
function newsOf(told: { readonly method?: string; readonly params?: unknown }): string | undefined {
  const { turn, item, itemId } = (told.params ?? {}) as {
    turn?: Partial<Turn>;
    item?: Partial<ThreadItem>;
    itemId?: string;
  };
  switch (told.method) {
    case 'turn/started':
      return `${turn?.id} started`;
    case 'turn/completed':
      return `${turn?.id} ${turn?.status}`; // a turn that had ended in another way, as we were told late, is news
    case 'item/started':
      return `${item?.id} started`;
    case 'item/completed':
      return `${item?.id} completed`;
    default:
      return typeof itemId === 'string' ? `${itemId} completed` : undefined;
  }
}
