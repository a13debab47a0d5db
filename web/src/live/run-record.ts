import type { PlanStep, RunEvent, RunEventOf } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../../src/contract/view.ts';
import { type Happening, happeningOf, type Mark } from './mark.ts';
import { Places } from './places.ts';

/** When something began and ended; ISO 8601. */
export interface Times {
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** The plan of a turn, as it was told last. */
export interface TurnPlan {
  readonly steps: readonly PlanStep[];
  readonly explanation: string | undefined;
}

/**
 * What one sees of a run as its journal grows. The view says what there is, and is changed in place, so each change has a
 * number; the record adds when things happened, and where among others.
 */
export class RunRecord {
  readonly runId: string;
  readonly view: RunView = createRunView();
  /** When each turn, item and request began and ended, by its id. */
  readonly turns = new Map<string, Times>();
  readonly times = new Map<string, Times>();
  readonly plans = new Map<string, TurnPlan>();
  readonly #places = new Places<Mark>();
  readonly #revisions = new Map<string, number>();
  /** The turn in whose rows those of a sub-agent's turn stand. */
  readonly #hosts = new Map<string, string>();
  readonly #tokens = new Map<string, { readonly before: number; readonly used: number }>();
  readonly #told = new Map<string, number>();
  #allChangedAt = 0;

  constructor(runId: string) {
    this.runId = runId;
  }

  /** Takes one more event in. One that it has already changes nothing. */
  apply(event: RunEvent): void {
    const { view } = this;
    if (event.seq <= view.seq) return;
    const wasPaused = view.state === 'paused';
    applyEvent(view, event);
    if ('turnId' in event && !event.type.startsWith('message.')) this.#noteTurn(event as TurnEvent);
    this.#noteOther(event, wasPaused);
  }

  /** The number of the event that has changed this item or turn last. */
  revisionOf(id: string): number {
    return Math.max(this.#revisions.get(id) ?? 0, this.#allChangedAt);
  }

  /** What happened in this turn right after that item; at its beginning for `null`, once it had ended for `undefined`. */
  marksIn(turnId: string | null, after: string | null | undefined): readonly Mark[] {
    return this.#places.at(turnId, after);
  }

  /** How many tokens a turn has used; undefined where nobody has said. */
  tokensOf(turnId: string): number | undefined {
    return this.#tokens.get(turnId)?.used;
  }

  #noteTurn(event: TurnEvent): void {
    const { turnId, seq, at } = event;
    const times = this.turns.get(turnId);
    if (!times) {
      if (event.threadId !== undefined) this.#mark(event, { kind: 'agent', turnId });
      this.#places.begin(turnId, event.threadId === undefined);
    }
    const hasEnded = event.type === 'turn.ended';
    this.turns.set(turnId, { startedAt: times?.startedAt ?? at, endedAt: hasEnded ? at : (times?.endedAt ?? null) });
    if (hasEnded) this.#places.end(turnId);
    if (event.type === 'item.started' || event.type === 'item.completed') this.#noteItem(event);
    if (event.type === 'item.delta' || event.type === 'item.dropped') this.#revisions.set(event.itemId, seq);
    if (event.type === 'plan.updated') this.#notePlan(event);
    if (event.type === 'usage.updated') this.#noteUsage(event);
    this.#touch(turnId, seq);
  }

  #noteItem(event: RunEventOf<'item.started' | 'item.completed'>): void {
    const { item, at, turnId, seq } = event;
    const startedAt = this.times.get(item.id)?.startedAt ?? at;
    this.times.set(item.id, { startedAt, endedAt: event.type === 'item.completed' ? at : null });
    this.#revisions.set(item.id, seq);
    this.#places.add(turnId, item.id);
  }

  #notePlan(event: RunEventOf<'plan.updated'>): void {
    if (!this.plans.has(event.turnId)) this.#mark(event, { kind: 'plan', turnId: event.turnId }, event.turnId);
    this.plans.set(event.turnId, { steps: event.steps, explanation: event.explanation });
    this.#revisions.set(`plan/${event.turnId}`, event.seq);
  }

  /** Codex tells what a whole thread has used; what was used before this turn is not the turn's. */
  #noteUsage({ turnId, threadId = '', total, last }: RunEventOf<'usage.updated'>): void {
    const before = this.#tokens.get(turnId)?.before ?? this.#told.get(threadId) ?? total.total - last.total;
    this.#tokens.set(turnId, { before, used: Math.max(0, total.total - before) });
    this.#told.set(threadId, total.total);
  }

  #noteOther(event: RunEvent, wasPaused: boolean): void {
    if (event.type === 'session.ended' || event.type === 'run.ended') this.#allChangedAt = event.seq;
    const happening = happeningOf(event, wasPaused);
    if (happening) this.#mark(event, happening);
    if (event.type === 'request.opened' || event.type === 'request.refused') this.#noteRequest(event);
    if (event.type === 'request.answered' || event.type === 'request.closed') this.#noteAnswer(event);
  }

  #noteRequest(event: RunEventOf<'request.opened' | 'request.refused'>): void {
    const { id, turnId, itemId } = event.request;
    const isKnown = this.times.has(id); // a request that Codex repeats to the next process stays where it is
    this.times.set(id, { startedAt: this.times.get(id)?.startedAt ?? event.at, endedAt: null });
    this.#revisions.set(id, event.seq);
    if (itemId !== null) this.#revisions.set(itemId, event.seq);
    if (!isKnown) this.#mark(event, { kind: 'request', requestId: id }, turnId, itemId);
    else if (turnId !== null) this.#touch(turnId, event.seq);
  }

  #noteAnswer({ requestId, at, seq }: RunEventOf<'request.answered' | 'request.closed'>): void {
    const startedAt = this.times.get(requestId)?.startedAt ?? at;
    this.times.set(requestId, { startedAt, endedAt: at });
    this.#revisions.set(requestId, seq);
    const itemId = this.view.requests[requestId]?.request.itemId;
    if (itemId) this.#revisions.set(itemId, seq);
    const turnId = this.#places.turnOf(requestId);
    if (turnId !== null) this.#touch(turnId, seq);
  }

  /** Puts it where things are just now: after the newest item of that turn, or of the newest turn of the run's own thread. */
  #mark(event: RunEvent, what: Happening, turnId: string | null = null, itemId: string | null = null): void {
    const key = what.kind === 'request' ? what.requestId : `event/${event.seq}`;
    const mark: Mark = { key, seq: event.seq, at: event.at, ...what };
    const host = this.#places.put(key, mark, turnId, itemId);
    if (what.kind === 'agent' && host !== null) this.#hosts.set(what.turnId, host);
    if (host !== null) this.#touch(host, event.seq);
  }

  #touch(turnId: string, seq: number): void {
    this.#revisions.set(turnId, seq);
    const host = this.#hosts.get(turnId);
    if (host !== undefined) this.#revisions.set(host, seq);
  }
}

type TurnEvent = Extract<RunEvent, { turnId: string }> & { type: Exclude<RunEvent['type'], `message.${string}`> };
