import { setTimeout as delay } from 'node:timers/promises';
import type { RunOutcome, RunState } from '../contract/outcome.ts';
import { soFar } from '../contract/so-far.ts';
import type { CancelOrder, RunRecord, Store } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import { Age } from './age.ts';
import type { Clock } from './clock.ts';
import { Compaction } from './compaction.ts';
import { letGoOutcome, readHistory } from './history.ts';
import type { Launched } from './launched.ts';
import { LiveDigest } from './live-digest.ts';
import { LiveJournal } from './live-journal.ts';
import { directoriesOf } from './run-directories.ts';
import { sourcesOf } from './states.ts';
import type { WorkerOptions } from './worker.ts';

/** How long it may take to end by force what is left of a run, in milliseconds. */
const FORCE_MS = 10_000;

/** Where runs run, and have their private things. */
type Place = Pick<WorkerOptions, 'host' | 'directories' | 'counters'>;

/** A run, as this process knows it. */
type Known = Pick<Launched, 'record' | 'age'>;

/** Orders to runs that nobody works on. */
export class IdleRuns {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #place: Place;

  constructor(store: Store, clock: Clock, place: Place) {
    this.#store = store;
    this.#clock = clock;
    this.#place = place;
  }

  /**
   * Gives the order to stop. One that waits has ended by that, unless an attempt before has kept something that is to be tidied
   * up; that one, like any other, is told by whoever takes it up. Throws `state-changed` when it has ended or had the
   * order before.
   */
  async order(run: Known, order: CancelOrder, task: Task | undefined): Promise<RunOutcome | undefined> {
    const record = await this.#store.runs.claim(run.record.id);
    const hasKept = task?.keepsForNextAttempt === true && record.attempt > 1 && record.checkpoint !== null;
    if (record.state === 'scheduled' && !hasKept) return this.#end(run, record, 'cancelled', order);
    const journal = this.#journal(record);
    await journal.change({
      change: { state: 'cancelling', cancel: order },
      from: sourcesOf('cancelling'),
      events: [{ type: 'run.state', state: 'cancelling' }],
    });
    journal.close();
    return undefined;
  }

  /** Ends a run that was told to stop, and that nobody has taken up in time, with what lives of it outside of our process. */
  async letGo(run: Known, order: CancelOrder, task: Task | undefined): Promise<RunOutcome> {
    const runId = run.record.id;
    const record = await this.#store.runs.claim(runId);
    const { host, directories } = this.#place;
    if (task) await endByForce(task, { runId, host, directories: directoriesOf(directories, runId) });
    return this.#end(run, record, 'failed', order);
  }

  async #end(
    { age: counted }: Known,
    record: RunRecord,
    status: 'cancelled' | 'failed',
    order: CancelOrder,
  ): Promise<RunOutcome> {
    const from: readonly RunState[] = [status === 'cancelled' ? 'scheduled' : 'cancelling'];
    const age = Age.of(record.startedAt, this.#clock, counted);
    const digest = new LiveDigest({ isNew: false, counters: this.#place.counters });
    const journal = this.#journal(record, digest);
    const { view, digest: before } = await readHistory(journal.past());
    digest.goOn(before);
    const ended: Omit<RunOutcome, 'durationMs'> =
      status === 'failed'
        ? letGoOutcome(view, record.taskId)
        : { ...soFar(view), status, error: { code: 'aborted', message: order.reason } };
    const outcome: RunOutcome = { ...ended, durationMs: age.ms };
    await journal.change({
      change: {
        state: status,
        endedAt: new Date(this.#clock.now()).toISOString(),
        outcome,
        cancel: record.cancel ?? order,
      },
      from,
      events: [{ type: 'run.ended', outcome }],
    });
    journal.close();
    new Compaction(this.#store.journal, record.id).whole();
    return outcome;
  }

  #journal({ id, claim, lastSeq }: RunRecord, digest?: LiveDigest): LiveJournal {
    return new LiveJournal({ store: this.#store.journal, runId: id, claim, lastSeq, ...(digest && { digest }) });
  }
}

/** Nothing of a run that is let go may live on; what hangs even so is swept when the data directory is opened again. */
export async function endByForce(task: Task, run: Parameters<NonNullable<Task['letGo']>>[0]): Promise<void> {
  const late = delay(FORCE_MS, undefined, { ref: false });
  await Promise.race([task.letGo?.(run).catch(() => {}), late]);
}
