import type { RunEvent } from '../../contract/event.ts';
import { applyToQueue, type QueueView, takeOut } from '../../contract/message-queue.ts';
import type { RunState } from '../../contract/outcome.ts';

/** Where a run stands, by the events that were seen of it; small, however long it is. */
export class RunStatus {
  state: RunState = 'scheduled';
  /** The turn of its own thread that runs. */
  turnId: string | null = null;
  model: string | null = null;
  effort: string | null = null;
  /** Used by all of its threads. */
  tokens = 0;
  /** When it was under way for the first time, in milliseconds since 1970. */
  startedAt: number | null = null;
  /** Its session is over: it only has to be cleared away. */
  isEnding = false;
  /** The messages that wait to be sent. */
  readonly queue: QueueView = { queue: [], queuePause: null };
  readonly #tokens = new Map<string, number>();
  readonly #endsWithTurn: boolean;

  /** `endsWithTurn`: it is over after the first turn that comes to its end. */
  constructor({ endsWithTurn = false }: { readonly endsWithTurn?: boolean } = {}) {
    this.#endsWithTurn = endsWithTurn;
  }

  /** Whether a message would be put into a turn. */
  get isTurning(): boolean {
    return this.turnId !== null;
  }

  apply(event: RunEvent): void {
    switch (event.type) {
      case 'run.state':
        this.state = event.state;
        if (event.state === 'running') this.startedAt ??= Date.parse(event.at);
        break;
      case 'session.started':
        this.model = event.model;
        this.effort = event.effort ?? this.effort;
        this.isEnding = false;
        if (!event.isResumed) this.turnId = null;
        break;
      case 'session.ended':
      case 'run.ended':
        this.turnId = null;
        this.isEnding = true;
        break;
      case 'settings.updated':
        if (event.threadId) break;
        this.model = event.model;
        this.effort = event.effort;
        break;
      case 'message.sent':
        takeOut(this.queue, event.messageId);
        break;
      case 'message.queued':
      case 'message.dequeued':
      case 'message.held':
      case 'message.released':
      case 'queue.ordered':
      case 'queue.paused':
      case 'queue.resumed':
        applyToQueue(this.queue, event);
        break;
      case 'turn.started':
        if (!event.threadId) this.turnId = event.turnId;
        break;
      case 'turn.ended':
        if (event.turnId !== this.turnId) break;
        this.turnId = null;
        this.isEnding = this.#endsWithTurn && event.status !== 'interrupted' && this.queue.queue.length === 0;
        break;
      case 'usage.updated':
        this.#tokens.set(event.threadId ?? '', event.total.total);
        this.tokens = this.#tokens.values().reduce((sum, tokens) => sum + tokens, 0);
        break;
      default:
        break;
    }
  }
}
