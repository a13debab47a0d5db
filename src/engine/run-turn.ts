import { answerOf } from '../contract/answer.ts';
import type { RunEvent } from '../contract/event.ts';
import type { Item } from '../contract/item.ts';
import type { RunTurn, RunTurnResult } from '../contract/run-handle.ts';
import { ConversationClosed } from '../errors.ts';

/** A turn of a run, by what its journal tells. Nothing is read before somebody asks how it ended. */
export function toRunTurn(id: string, events: () => AsyncIterable<RunEvent>): RunTurn {
  let completed: Promise<RunTurnResult> | undefined;
  return {
    id,
    get completed() {
      completed ??= endOf(id, events());
      return completed;
    },
  };
}

async function endOf(id: string, events: AsyncIterable<RunEvent>): Promise<RunTurnResult> {
  const messages: Extract<Item, { kind: 'agentMessage' }>[] = [];
  for await (const event of events) {
    if (!('turnId' in event) || event.turnId !== id) continue;
    if (event.type === 'item.completed' && event.item.kind === 'agentMessage') messages.push(event.item);
    if (event.type === 'turn.ended') {
      return { id, status: event.status, text: answerOf(messages), error: event.error ?? null };
    }
  }
  throw new ConversationClosed(`the run has ended before the turn ${id}`);
}
