import type { KnownConversation } from '../codex/conversation-options.ts';
import { answerOf } from '../contract/answer.ts';
import type { FileChange } from '../contract/item.ts';
import type { RunView, TurnView } from '../contract/view.ts';
import type { EndedTurn } from './outcome.ts';

/** What a journal says of the thread of its run, for a conversation that goes on with it. */
export function knownOf(view: RunView, threadId: string): KnownConversation {
  const turns = view.turnOrder.flatMap((id) => view.turns[id] ?? []);
  const ids = new Set([threadId, ...turns.flatMap((turn) => turn.threadId ?? [])]);
  const threads = [...ids].map((id) => {
    const own = turns.filter((turn) => (turn.threadId ?? threadId) === id);
    const newest = own.at(-1);
    return {
      threadId: id,
      running: own.filter(isRunning).map(toKnownTurn),
      ...(newest && { newestTurnId: newest.id }),
    };
  });
  const changes: Record<string, FileChange[]> = {};
  for (const { items } of turns.filter(isRunning)) {
    for (const { item, isOpen } of Object.values(items)) {
      if (isOpen && item.kind === 'fileChange') changes[item.id] = item.changes;
    }
  }
  return { threads, messageIds: Object.keys(view.messages), changes };
}

/** The turns with messages of ours that have ended, oldest first. */
export function endedTurnsOf(view: RunView): TurnView[] {
  const turns = view.turnOrder.flatMap((id) => view.turns[id] ?? []);
  return turns.filter((turn) => turn.threadId === null && hasMessage(turn) && !isRunning(turn));
}

/** How the first of them ended that nobody interrupted, with what the agent answered. */
export function endedTurnOf(view: RunView): EndedTurn | undefined {
  const ended = endedTurnsOf(view).find(({ status }) => status !== 'interrupted');
  if (!ended) return undefined;
  const said = ended.itemOrder.flatMap((id) => {
    const item = ended.items[id]?.item;
    return item?.kind === 'agentMessage' ? [item] : [];
  });
  const error = ended.error === null ? null : { message: ended.error };
  return { id: ended.id, status: ended.status === 'completed' ? 'completed' : 'failed', text: answerOf(said), error };
}

function hasMessage({ items }: TurnView): boolean {
  return Object.values(items).some(({ item }) => item.kind === 'userMessage' && item.messageId !== undefined);
}

function isRunning({ status }: TurnView): boolean {
  return status === 'running';
}

function toKnownTurn({ id, items }: TurnView): KnownConversation['threads'][number]['running'][number] {
  return {
    turnId: id,
    items: Object.entries(items).map(([itemId, { isOpen }]) => ({ id: itemId, isCompleted: !isOpen })),
  };
}
