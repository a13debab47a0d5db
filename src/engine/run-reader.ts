import { runningTurn } from '../contract/digest.ts';
import type { RunEvent } from '../contract/event.ts';
import type { JournalPiece } from '../contract/journal-piece.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import type { ReadOptions } from '../contract/run-handle.ts';
import type { RunDetails } from '../contract/run-summary.ts';
import { OptioError } from '../errors.ts';
import type { RunFilter, RunRecord, Store } from '../store/store.ts';
import type { Counters } from './counters.ts';
import type { Dispatcher } from './dispatcher.ts';
import { eachOf, readEvents, readPieces } from './event-tail.ts';
import { readHistory } from './history.ts';
import type { Launched } from './launched.ts';
import { detailsOf } from './run-details.ts';
import { isUnderWay } from './states.ts';

export interface RunReaderOptions {
  readonly store: Pick<Store, 'runs' | 'requests' | 'journal'>;
  readonly dispatcher: Dispatcher;
  readonly counters: Counters;
}

/** What there is to know of each run: its record, its journal, its end. */
export class RunReader {
  readonly #store: RunReaderOptions['store'];
  readonly #dispatcher: Dispatcher;
  readonly #counters: Counters;

  constructor({ store, dispatcher, counters }: RunReaderOptions) {
    this.#store = store;
    this.#dispatcher = dispatcher;
    this.#counters = counters;
  }

  find(runId: string): Promise<RunRecord | undefined> {
    return this.#store.runs.find(runId);
  }

  /** The same, and throws `not-found`. */
  async known(runId: string): Promise<RunRecord> {
    const run = await this.find(runId);
    if (run) return run;
    throw new OptioError('not-found', `there is no run ${runId}`, { remedy: 'Look for it in the list of runs.' });
  }

  list(filter?: RunFilter): Promise<RunRecord[]> {
    return this.#store.runs.list(filter);
  }

  /** All that is known of a run besides what happened in it. Throws `not-found`. */
  async details(runId: string): Promise<RunDetails> {
    const [run, open] = await Promise.all([this.known(runId), this.#store.requests.open(runId)]);
    const turnId = isUnderWay(run.state) ? await this.#turnOf(runId) : null;
    const archivedAt = await this.#store.runs.archivedAt(run.rootId);
    return detailsOf(run, { openRequests: open.length, problem: this.problemOf(run), turnId, archivedAt });
  }

  /** While a run is being taken up nothing but its journal says which turn runs. */
  async #turnOf(runId: string): Promise<string | null> {
    const known = this.#dispatcher.run(runId)?.live?.digest.turnId;
    return known === undefined ? runningTurn((await readHistory(this.past(runId))).digest) : known;
  }

  /** What keeps a run from getting on in this process, whoever wishes it; null when nothing does, or it has ended. */
  problemOf({ id, taskId }: Pick<RunRecord, 'id' | 'taskId'>): string | null {
    const launched = this.#dispatcher.run(id);
    const blocked = launched?.live?.journal.blocked;
    if (blocked) return `what it tells cannot be written down: ${blocked.message}`;
    if (launched?.why) return `it cannot be worked on: ${launched.why.message}`;
    return launched && !launched.task ? this.#dispatcher.tasks.problemOf(taskId) : null;
  }

  /** How it ended, once it has. Throws `not-found`. */
  async outcome(runId: string): Promise<RunOutcome> {
    const launched = this.#dispatcher.run(runId);
    if (launched) return launched.outcome;
    const record = await this.find(runId);
    if (!record?.outcome) {
      throw new OptioError('not-found', `there is no run ${runId}`, { remedy: 'Look for it in the list of runs.' });
    }
    return record.outcome;
  }

  /** What the journal of a run holds by now, after this number. */
  past(runId: string, after = 0): AsyncIterable<RunEvent> {
    return readEvents(this.#store.journal, runId, after);
  }

  /** The journal of a run after this number: past and to come, until it has ended. Throws `invalid-input` for what is none. */
  events(runId: string, options: ReadOptions = {}): AsyncIterable<RunEvent> {
    return eachOf(this.pieces(runId, options), options.signal);
  }

  /** The same, as much at a time as is there. */
  async *pieces(runId: string, { after = 0, signal }: ReadOptions = {}): AsyncIterable<JournalPiece> {
    checkNumber(after);
    this.#counters.readers++;
    try {
      for (let at = after; !signal?.aborted; ) {
        const launched = this.#dispatcher.run(runId);
        const rung = launched?.changes.rung ?? 0;
        for await (const piece of this.#source(launched, runId, at, signal)) {
          yield piece;
          if (piece.isEnd) return;
          at = piece.lastSeq ?? at;
        }
        if (!launched || this.#dispatcher.isStopped) return;
        await launched.changes.after(rung, signal);
      }
    } catch (error) {
      if (!this.#dispatcher.isStopped) throw error; // else the store is closed
    } finally {
      this.#counters.readers--;
    }
  }

  /** The journal as whoever works on the run has it, or else as the store has. */
  #source(launched: Launched | undefined, runId: string, after: number, signal: AbortSignal | undefined) {
    const live = launched?.live?.journal.pieces({ after, ...(signal && { signal }) });
    return live ?? readPieces(this.#store.journal, runId, after, signal);
  }
}

/** After anything else no event would ever come. */
function checkNumber(after: number): void {
  if (Number.isSafeInteger(after) && after >= 0) return;
  throw new OptioError('invalid-input', `after: ${after} is no number of an event`, {
    field: 'after',
    remedy: 'Give the seq of the last event that you have, or 0 for all of them.',
  });
}
