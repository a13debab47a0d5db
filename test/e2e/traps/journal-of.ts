import type { CodexConversation } from '../../../src/codex/conversation.ts';
import { JournalMapper } from '../../../src/codex/journal.ts';
import type { RunEventBody, RunEventType } from '../../../src/contract/event.ts';

type EventOf<T extends RunEventType> = Extract<RunEventBody, { type: T }>;

export interface ToldJournal {
  readonly events: RunEventBody[];
  /** All events of a type. */
  of<T extends RunEventType>(type: T): EventOf<T>[];
}

/** What a run would have in its journal of everything that a conversation tells from now on. */
export function journalOf(conversation: CodexConversation): ToldJournal {
  const events: RunEventBody[] = [];
  const mapper = new JournalMapper(
    () => conversation.threadId,
    () => conversation.cwd,
  );
  conversation.onEvent((event) => {
    if ('method' in event && !('type' in event) && !('id' in event)) {
      events.push(...mapper.map(event.method, event.params));
    }
  });
  return {
    events,
    of: <T extends RunEventType>(type: T) => events.filter((event): event is EventOf<T> => event.type === type),
  };
}
