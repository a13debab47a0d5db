import type { RunEvent } from './event.ts';
import type { RunUpdate } from './run-update.ts';

/** The last event of a piece, as far as one needs to know it. */
type Last = Pick<RunEvent, 'seq' | 'type'>;

/**
 * Events of a journal, one after the other. Whoever only sends them on needs their JSON and nothing else, and a long journal
 * is sent far more often than it is looked at here: each of the two is made once somebody wants it.
 */
export class JournalPiece {
  /** The number of its last event; undefined when there is none in it. */
  readonly lastSeq: number | undefined;
  /** The run has ended with it. */
  readonly isEnd: boolean;
  #events: readonly RunEvent[] | undefined;
  #json: Uint8Array | undefined;

  private constructor(last: Last | undefined, events: readonly RunEvent[] | undefined, json?: Uint8Array) {
    this.lastSeq = last?.seq;
    this.isEnd = last?.type === 'run.ended';
    this.#events = events;
    this.#json = json;
  }

  static ofEvents(events: readonly RunEvent[]): JournalPiece {
    return new JournalPiece(events.at(-1), events);
  }

  /** `json`: a list of events, in UTF-8 as it is sent; `last`: the last of them, if there is one. */
  static ofJson(json: Uint8Array, last: Last | undefined): JournalPiece {
    return new JournalPiece(last, undefined, json);
  }

  get events(): readonly RunEvent[] {
    this.#events ??= JSON.parse(new TextDecoder().decode(this.json)) as RunEvent[];
    return this.#events;
  }

  /** The events as a list in JSON, in UTF-8. */
  get json(): Uint8Array {
    this.#json ??= encode(this.#events);
    return this.#json;
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
    pieces.set(update, piece);
    return update;
  }
}

/** Keeps nothing alive: a piece goes with its update. */
const pieces = new WeakMap<RunUpdate, JournalPiece>();

/** What changes in a list of runs as JSON in UTF-8, in parts that are to be put together. */
export function jsonOfUpdate(update: RunUpdate): readonly Uint8Array[] {
  const piece = pieces.get(update);
  if (!piece || update.type !== 'events') return [encode(update)];
  return [text(`{"type":"events","runId":${JSON.stringify(update.runId)},"events":`), piece.json, text('}')];
}

const encode = (value: unknown) => text(JSON.stringify(value));
const text = (value: string) => new TextEncoder().encode(value);
