import type { RunOutcome } from '../contract/outcome.ts';
import { type ErrorCode, fromUnknown, type OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { RunRecord, Store } from '../store/store.ts';
import type { RunContext } from '../task/context.ts';
import { type Logins, NO_LOGINS } from '../task/logins.ts';
import { type TaskResult, toOutcome } from '../task/result.ts';
import type { Task } from '../task/task.ts';
import { Age } from './age.ts';
import { orderTo } from './cancellation.ts';
import type { Children } from './children.ts';
import type { Clock } from './clock.ts';
import { Compaction } from './compaction.ts';
import type { Counters } from './counters.ts';
import { graceOf, whenAborted } from './grace.ts';
import { interruptedOutcome } from './history.ts';
import { LiveDigest } from './live-digest.ts';
import { LiveJournal } from './live-journal.ts';
import { LiveRun } from './live-run.ts';
import { directoriesOf } from './run-directories.ts';
import type { ChangedPart } from './run-feed.ts';
import type { Space } from './space.ts';
import { isEnded, sourcesOf } from './states.ts';

export interface WorkerOptions {
  readonly store: Store;
  readonly host: Host;
  readonly directories: { readonly data: string; readonly workspaces: string };
  readonly env: RunContext['env'];
  readonly trace?: RunContext['trace'];
  /** The saved logins, as a run sees them (none). */
  readonly loginsOf?: (runId: string, parentId: string | null) => Logins;
  readonly clock: Clock;
  readonly space: Pick<Space, 'isShort' | 'runOut'>;
  readonly counters: Counters;
  /** What a list tells of a run is different now: anything of it, or its digest only. */
  readonly onChange: (runId: string, part: ChangedPart) => void;
}

interface WorkOptions {
  readonly age: Age | undefined;
  readonly onLive: (run: LiveRun) => void;
}

/** What became of a run while this process worked on it. */
export type Worked =
  | { readonly kind: 'ended'; readonly outcome: RunOutcome }
  /** It has failed and is tried again. */
  | { readonly kind: 'again'; readonly record: RunRecord }
  /** Another process has it, or will take it up. */
  | { readonly kind: 'left'; readonly why?: OptioError };

/** Why a run is left as it is, for whoever comes next. */
const LEAVES: readonly ErrorCode[] = ['claim-lost', 'store-full', 'store-failed'];

/** Works on one run from its claim to its end. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #childrenOf: (run: LiveRun) => Children;

  constructor(options: WorkerOptions, childrenOf: (run: LiveRun) => Children) {
    this.#options = options;
    this.#childrenOf = childrenOf;
  }

  /**
   * Takes the run over and executes its task; `onLive` is told as soon as others can talk to it. `age`: as it was counted here
   * before.
   */
  async work(runId: string, task: Task, { age, onLive }: WorkOptions): Promise<Worked> {
    const record = await this.#options.store.runs.claim(runId);
    if (isEnded(record.state)) return { kind: 'left' };
    const run = this.#live(record, task, age);
    try {
      onLive(run);
      if (record.state === 'scheduled') await this.#starting(run, record);
      if (record.state === 'cancelling') {
        const order = record.cancel ?? run.children.orderTo('it was being cancelled', 'outside');
        run.cancel(order).catch(() => {}); // what it has begun is told again before it ends
      }
      if (record.lastSeq > 0) await run.takeUp();
      const outcome = await this.#outcomeOf(run, record, task);
      if (run.detached.aborted) return { kind: 'left' };
      const order = run.stopping ?? run.children.orderTo('the run that has begun it is over', 'parent');
      await Promise.race([run.children.end(order), whenAborted(run.detached)]);
      if (run.detached.aborted) return { kind: 'left' };
      run.told.flush();
      await run.asks.end();
      return await this.#end(run, task, outcome);
    } catch (thrown) {
      // Cancelled before it began, or taken over: whoever did that has written it down. Or nothing can be written now.
      const error = fromUnknown(thrown);
      if (run.detached.aborted || (await this.#isLeft(run, error))) return { kind: 'left' };
      return await this.#endAs(run, task, toOutcome({ status: 'failed', error: toRecord(error) }));
    } finally {
      run.pausing.end();
      run.waiting.close();
      run.journal.close();
      await run.logins.end().catch(() => {}); // what is not given back now is so when this process ends
    }
  }

  #live(record: RunRecord, task: Task, age: Age | undefined): LiveRun {
    const { store, host, directories, env, trace, loginsOf, clock, space, counters, onChange } = this.#options;
    const tell = (part: ChangedPart) => onChange(record.id, part);
    const digest = new LiveDigest({ isNew: record.lastSeq === 0, counters, onChange: () => tell('digest') });
    const journal = new LiveJournal({
      store: store.journal,
      digest,
      runId: record.id,
      claim: record.claim,
      lastSeq: record.lastSeq,
      onBlocked: (error) => {
        tell('run');
        if (error?.code === 'store-full') void space.runOut();
      },
      onLost: (error) => run.detach(error),
    });
    const run = new LiveRun({
      record,
      childrenOf: this.#childrenOf,
      journal,
      digest,
      compaction: new Compaction(store.journal, record.id),
      requests: store.requests,
      workspaces: store.workspaces,
      task,
      host,
      directories: directoriesOf(directories, record.id),
      env,
      trace,
      logins: loginsOf?.(record.id, record.parentId) ?? NO_LOGINS,
      age: Age.of(record.startedAt, clock, age),
      clock,
      space,
    });
    return run;
  }

  async #starting(run: LiveRun, record: RunRecord): Promise<void> {
    await run.journal.change({
      change: { state: 'starting', notBefore: null, ...(record.startedAt === null && { startedAt: this.#now() }) },
      from: sourcesOf('starting'),
      events: [{ type: 'run.state', state: 'starting' }],
    });
  }

  /** A body that does not stop when it is told to is let go, and what it tells afterwards is not written. */
  async #outcomeOf(run: LiveRun, record: RunRecord, task: Task): Promise<RunOutcome> {
    if (record.startedAt !== null && record.state !== 'scheduled' && !task.canRecover) return interruptedOutcome(run);
    const settled = new AbortController();
    const left = whenAborted(run.detached).then(() => toOutcome({ status: 'failed' }));
    const grace = whenAborted(run.signal).then(() => graceOf(task, run, settled.signal));
    const body = execute(task, run)
      .then(toOutcome)
      .catch((thrown: unknown) => {
        const error = toRecord(fromUnknown(thrown));
        return toOutcome({ status: run.signal.aborted ? 'cancelled' : 'failed', error });
      });
    const raced = await Promise.race([body, left, grace]);
    settled.abort();
    return run.failure ? { ...raced, status: 'failed', error: toRecord(run.failure) } : raced;
  }

  /** Ends it, or lets it be tried again. An order to stop that is written down before that comes first. */
  async #end(run: LiveRun, task: Task, outcome: RunOutcome): Promise<Worked> {
    try {
      return await this.#endAs(run, task, outcome);
    } catch (thrown) {
      const record = await this.#options.store.runs.find(run.runId);
      const isOrdered = record?.state === 'cancelling' && record.claim === run.record.claim;
      if (fromUnknown(thrown).code !== 'state-changed' || !isOrdered) throw thrown;
      if (record.cancel) await run.cancel(record.cancel);
      return this.#endAs(run, task, outcome);
    }
  }

  async #endAs(run: LiveRun, task: Task, last: RunOutcome): Promise<Worked> {
    const own = run.hasKeptInVain(last) ? await this.#outcomeOf(run, run.record, task) : last;
    if (run.detached.aborted) return { kind: 'left' };
    // Whatever it did before it stopped stands; that it stopped is what it was told to do.
    const status = run.order && own.status === 'done' ? 'cancelled' : own.status;
    const outcome = { ...own, status, durationMs: run.age.ms };
    const pauseMs = run.pauseAfter(outcome);
    if (pauseMs !== undefined) return this.#again(run, outcome, pauseMs);
    if (status === 'done') await run.begin(); // where its task has forgotten to
    if (status === 'cancelled' && !run.order) await run.stop(orderTo(task, 'it has stopped by itself', 'outside'));
    await run.journal.change({
      change: { state: status, endedAt: this.#now(), outcome },
      from: sourcesOf(status),
      events: [{ type: 'run.ended', outcome }],
    });
    run.compaction.whole();
    return { kind: 'ended', outcome };
  }

  /** Whoever comes next may do something about it. Of a change that came too late only when it is not ours any more. */
  async #isLeft({ runId, record }: LiveRun, { code }: OptioError): Promise<boolean> {
    if (code !== 'state-changed') return LEAVES.includes(code);
    const now = await this.#options.store.runs.find(runId);
    return now === undefined || now.claim !== record.claim || isEnded(now.state);
  }

  async #again(run: LiveRun, outcome: RunOutcome, pauseMs: number): Promise<Worked> {
    const notBefore = this.#now(pauseMs);
    const why = outcome.error?.message ?? 'it failed';
    const message = `attempt ${run.attempt} has failed (${why}); the next one begins in ${pauseMs / 1000} s`;
    await run.journal.change({
      change: { state: 'scheduled', attempt: run.attempt + 1, notBefore },
      from: sourcesOf('scheduled'),
      events: [
        { type: 'notice', level: 'warning', message },
        { type: 'run.state', state: 'scheduled', activeMs: run.pausing.activeMs },
      ],
    });
    const record = await this.#options.store.runs.find(run.runId);
    return record ? { kind: 'again', record } : { kind: 'left' };
  }

  /** What time it is, or will be. */
  #now(inMs = 0): string {
    return new Date(this.#options.clock.now() + inMs).toISOString();
  }
}

async function execute(task: Task, run: LiveRun): Promise<TaskResult> {
  if (!task.tellsBegin) await run.begin();
  return task.execute(run);
}

function toRecord({ code, message, remedy }: OptioError): RunOutcome['error'] {
  return { code, message, ...(remedy && { remedy }) };
}
