import type { CodexConversation } from '../../src/codex/conversation.ts';
import type { CodexEvent, OwnEvent } from '../../src/codex/events.ts';

export interface EventWatch {
  /** Everything `onEvent` told so far. */
  readonly events: CodexEvent[];
  /** The first event, past or to come, that the test accepts. */
  event(accepts: (event: CodexEvent) => boolean): Promise<CodexEvent>;
}

export function watchEvents(conversation: CodexConversation): EventWatch {
  const events: CodexEvent[] = [];
  const waiting = new Set<{ accepts: (event: CodexEvent) => boolean; resolve: (event: CodexEvent) => void }>();
  conversation.onEvent((event) => {
    events.push(event);
    for (const waiter of waiting) if (waiter.accepts(event)) waiter.resolve(event);
  });
  const event = (accepts: (event: CodexEvent) => boolean): Promise<CodexEvent> => {
    const seen = events.find(accepts);
    return seen ? Promise.resolve(seen) : new Promise((resolve) => waiting.add({ accepts, resolve }));
  };
  return { events, event };
}

/** Accepts a notification by its method and, when given, by its params. */
export function notification(method: string, matches: (params: never) => boolean = () => true) {
  return (event: CodexEvent): boolean =>
    'method' in event && !('type' in event) && event.method === method && matches(event.params as never);
}

/** Accepts an event of ours by its type. */
export function own(type: OwnEvent['type']) {
  return (event: CodexEvent): boolean => 'type' in event && event.type === type;
}
