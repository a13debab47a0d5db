import type { KnownConversation } from '../codex/conversation-options.ts';
import { answerOf } from '../contract/answer.ts';
import type { FileChange } from '../contract/item.ts';
import type { RunView, TurnView } from '../contract/view.ts';
import type { EndedTurn } from './outcome.ts';

/**
 * What a journal says of the thread of its run, for a conversation that goes on with it. The first `turnsOfOthers` of its
 * turns are of threads that the run had before.
 */
export function knownOf(view: RunView, threadId: string, turnsOfOthers = 0): KnownConversation {
  const turns = turnsOf(view, turnsOfOthers);
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

/** The turns with messages of ours that have ended, oldest first, without the first `turnsBefore` of all. */
export function endedTurnsOf(view: RunView, turnsBefore = 0): TurnView[] {
  return turnsOf(view, turnsBefore).filter((turn) => isOurs(turn) && !isRunning(turn));
}

/** Whether there is a turn with a message of ours after the first `turnsBefore` of all. */
export function hasTurnOfOurs(view: RunView, turnsBefore: number): boolean {
  return turnsOf(view, turnsBefore).some(isOurs);
}

/** How the first of those that have ended ended that nobody interrupted, with what the agent answered. */
export function endedTurnOf(view: RunView, turnsBefore = 0): EndedTurn | undefined {
  const ended = endedTurnsOf(view, turnsBefore).find(({ status }) => status !== 'interrupted');
  if (!ended) return undefined;
  const said = ended.itemOrder.flatMap((id) => {
    const item = ended.items[id]?.item;
    return item?.kind === 'agentMessage' ? [item] : [];
  });
  const error = ended.error === null ? null : { message: ended.error };
  return { id: ended.id, status: ended.status === 'completed' ? 'completed' : 'failed', text: answerOf(said), error };
}

function turnsOf(view: RunView, after: number): TurnView[] {
  return view.turnOrder.slice(after).flatMap((id) => view.turns[id] ?? []);
}

function isOurs({ threadId, items }: TurnView): boolean {
  if (threadId !== null) return false;
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
