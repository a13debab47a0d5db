import type { RunEvent } from './event.ts';
import type { RunUpdate } from './run-update.ts';

/** What a store keeps of an event: `body` is all of it but its number and its time, as JSON. */
export interface EventRow {
  readonly seq: number;
  readonly at: string;
  readonly body: string;
}

/**
 * Events of a journal, one after the other. Whoever only sends them on needs their text and nothing else, and a long journal
 * is sent far more often than it is looked at here: each of the two is made once somebody wants it.
 */
export class JournalPiece {
  /** The number of its last event; undefined when there is none in it. */
  readonly lastSeq: number | undefined;
  /** The run has ended with it. */
  readonly isEnd: boolean;
  #events: readonly RunEvent[] | undefined;
  #text: string | undefined;

  private constructor(last: Pick<RunEvent, 'seq' | 'type'> | undefined, events?: readonly RunEvent[], text?: string) {
    this.lastSeq = last?.seq;
    this.isEnd = last?.type === 'run.ended';
    this.#events = events;
    this.#text = text;
  }

  static ofEvents(events: readonly RunEvent[]): JournalPiece {
    return new JournalPiece(events.at(-1), events);
  }

  static ofRows(rows: readonly EventRow[]): JournalPiece {
    const texts = rows.map(({ seq, at, body }) => `{"seq":${seq},"at":"${at}",${body.slice(1)}`);
    const last = texts.at(-1);
    return new JournalPiece(last === undefined ? undefined : JSON.parse(last), undefined, `[${texts.join(',')}]`);
  }

  get events(): readonly RunEvent[] {
    this.#events ??= JSON.parse(this.text) as RunEvent[];
    return this.#events;
  }

  /** The events as JSON. */
  get text(): string {
    this.#text ??= JSON.stringify(this.#events);
    return this.#text;
  }

  /** As a reader of the list of runs is told it, who follows the journal of this run. */
  toUpdate(runId: string): RunUpdate {
    const piece = this;
    const update: RunUpdate = {
      type: 'events',
      runId,
      get events() {
        return [...piece.events];
      },
    };
    texts.set(update, () => piece.text);
    return update;
  }
}

/** Keeps nothing alive: the text of an update goes with it. */
const texts = new WeakMap<RunUpdate, () => string>();

/** What changes in a list of runs as JSON. */
export function textOfUpdate(update: RunUpdate): string {
  const events = texts.get(update);
  if (!events) return JSON.stringify(update);
  const runId = update.type === 'events' ? update.runId : '';
  return `{"type":"events","runId":${JSON.stringify(runId)},"events":${events()}}`;
}
