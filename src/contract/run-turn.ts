import { ConversationClosed } from '../errors.ts';
import { answerOf } from './answer.ts';
import type { RunEvent } from './event.ts';
import type { Item } from './item.ts';
import type { RunTurn, RunTurnResult } from './run-handle.ts';

/**
 * A turn of a run, by what its journal tells. Nothing is read before somebody asks how it ended. `after`: the number after
 * which all of it is told.
 */
export function toRunTurn(id: string, events: () => AsyncIterable<RunEvent>, after?: number): RunTurn {
  let completed: Promise<RunTurnResult> | undefined;
  return {
    id,
    ...(after !== undefined && { after }),
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
