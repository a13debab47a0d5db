import type { KnownConversation } from '../codex/conversation-options.ts';
import type { FileChange, Item } from '../contract/item.ts';
import { answerIn, endedTurnsOf, isOurs, isRunning, messagesOf, turnsOf } from '../contract/so-far.ts';
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

/** Whether there is a turn with a message of ours after the first `turnsBefore` of all. */
export function hasTurnOfOurs(view: RunView, turnsBefore: number): boolean {
  return turnsOf(view, turnsBefore).some(isOurs);
}

/** Messages of ours that were sent, and not seen in any turn. */
export function unseenMessagesOf(view: RunView): ReturnType<typeof messagesOf> {
  return messagesOf(view).filter(([, { state }]) => state === 'sent' || state === 'accepted');
}

/**
 * Whether a message of ours was seen in the last turn of the run's own thread. Where none was, its codex has died as soon as it had begun,
 * and the message with which it began may never have arrived.
 */
export function isLastOurs(view: RunView): boolean {
  const last = turnsOf(view).findLast(({ threadId }) => threadId === null);
  return last !== undefined && isOurs(last);
}

/**
 * Whether the last turn of ours after the first `turnsBefore` of all has ended with its codex: somebody before us has told that, and
 * has died before anything came of it.
 */
export function isLeftCut(view: RunView, turnsBefore = 0): boolean {
  return turnsOf(view, turnsBefore).findLast(isOurs)?.isCut === true;
}

/** How the first, or the last, of those that have ended ended that nobody interrupted, with what the agent answered. */
export function endedTurnOf(view: RunView, which: 'first' | 'last', turnsBefore = 0): EndedTurn | undefined {
  const all = endedTurnsOf(view, turnsBefore).filter(({ status }) => status !== 'interrupted');
  const ended = all.at(which === 'first' ? 0 : -1);
  if (!ended) return undefined;
  const error = ended.error === null ? null : { message: ended.error };
  return { id: ended.id, status: ended.status === 'completed' ? 'completed' : 'failed', text: answerIn(ended), error };
}

/**
 * How the turn ended that decides about a run which lasts one turn: the first, or where messages have waited in its queue, that of
 * the last of them. Undefined while one of these has none that has ended so.
 */
export function decidingTurnOf(view: RunView, turnsBefore = 0): EndedTurn | undefined {
  const queued = messagesOf(view).filter(
    ([, { wasQueued, steer, state }]) => wasQueued && !steer && state !== 'refused',
  );
  const places = queued.map(([, { turnId }]) => (turnId === null ? -1 : view.turnOrder.indexOf(turnId)));
  return places.includes(-1) ? undefined : endedTurnOf(view, 'first', Math.max(turnsBefore, ...places));
}

/** Commands that a journal tells to run. */
export function openCommands(view: RunView | undefined): Extract<Item, { kind: 'command' }>[] {
  const items = Object.values(view?.turns ?? {}).flatMap((turn) => Object.values(turn.items));
  return items.flatMap(({ item, isOpen }) => (isOpen && item.kind === 'command' ? [item] : []));
}

function toKnownTurn({ id, items }: TurnView): KnownConversation['threads'][number]['running'][number] {
  return {
    turnId: id,
    items: Object.entries(items).map(([itemId, { isOpen }]) => ({ id: itemId, isCompleted: !isOpen })),
  };
}
