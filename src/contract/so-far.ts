import { answerOf } from './answer.ts';
import type { RunOutcome } from './outcome.ts';
import type { MessageView, RunView, TurnView } from './view.ts';

/** What has come of a run by now, for an outcome that its task has not lived to make. */
export function soFar(view: RunView): Pick<RunOutcome, 'text' | 'usage' | 'turns' | 'threadId'> {
  const threadId = view.session?.threadId;
  return { text: textOf(view), usage: view.usage, turns: endedTurnsOf(view).length, ...(threadId && { threadId }) };
}

/** The turns with messages of ours that have ended, oldest first, without the first `turnsBefore` of all. */
export function endedTurnsOf(view: RunView, turnsBefore = 0): TurnView[] {
  return turnsOf(view, turnsBefore).filter((turn) => isOurs(turn) && !isRunning(turn));
}

/** The turns of all threads, oldest first, without the first `turnsBefore`. */
export function turnsOf(view: RunView, turnsBefore = 0): TurnView[] {
  return view.turnOrder.slice(turnsBefore).flatMap((id) => view.turns[id] ?? []);
}

/** Messages with their ids, in the order in which they were sent. */
export function messagesOf({ messages, messageOrder }: RunView): [id: string, message: MessageView][] {
  return messageOrder.map((id) => [id, messages[id] as MessageView]);
}

/** Whether there is a message of ours in it. */
export function isOurs({ threadId, items }: TurnView): boolean {
  if (threadId !== null) return false;
  return Object.values(items).some(({ item }) => item.kind === 'userMessage' && item.messageId !== undefined);
}

export function isRunning({ status }: TurnView): boolean {
  return status === 'running';
}

/** What the agent answered in a turn, or has said of it by now. */
export function answerIn({ items, itemOrder }: TurnView): string {
  const said = itemOrder.flatMap((id) => {
    const item = items[id]?.item;
    return item?.kind === 'agentMessage' ? [item] : [];
  });
  return answerOf(said);
}

/** The newest that the agent said in the run's own thread, whole or not. */
function textOf(view: RunView): string {
  const texts = turnsOf(view).map((turn) => (turn.threadId === null ? answerIn(turn) : ''));
  return texts.findLast((text) => text !== '') ?? '';
}
