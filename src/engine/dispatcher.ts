import type { RunOutcome } from '../contract/outcome.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { RunRecord, TaskRecord } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import type { Children } from './children.ts';
import { type Clock, systemClock } from './clock.ts';
import { KnownTasks } from './known-tasks.ts';
import { Launched } from './launched.ts';
import type { Limits } from './limits.ts';
import type { LiveRun } from './live-run.ts';
import { Queue } from './queue.ts';
import { Rest } from './retry.ts';
import { type Worked, Worker, type WorkerOptions } from './worker.ts';

export interface DispatcherOptions extends Omit<WorkerOptions, 'clock'> {
  readonly limits?: Limits;
  /** Makes a task again of its definition, in a process that has not defined it. */
  readonly revive?: (definition: unknown) => Task;
  /** That of this machine, unless given. */
  readonly clock?: Clock;
}

/** Knows the tasks and all runs that have not ended, and lets those begin for which there is room. */
export class Dispatcher {
  readonly tasks: KnownTasks;
  /** Told of each run that has ended. */
  onSettled: (run: RunRecord) => void = () => {};
  readonly #worker: Worker;
  readonly #runs = new Map<string, Launched>();
  readonly #queue: Queue;
  readonly #clock: Clock;
  readonly #options: Pick<DispatcherOptions, 'store' | 'onChange'>;
  #known = 0;
  /** When we look at the runs: one whose rest is over for the one question is so for the next as well, or nobody would begin it. */
  #elapsed = 0;
  #callOff: () => void = () => {};
  #isDraining = false;
  #isStopped = false;

  constructor(
    { limits, revive, clock = systemClock, ...options }: DispatcherOptions,
    childrenOf: (run: LiveRun) => Children,
  ) {
    this.#clock = clock;
    this.#options = options;
    this.#worker = new Worker({ ...options, clock }, childrenOf);
    this.tasks = new KnownTasks({ store: options.store.tasks, clock, revive });
    this.#queue = new Queue({
      ...(limits && { limits }),
      limitOfTask: (taskId, runId) => this.taskOf({ id: runId, taskId })?.maxRunning,
      canRun: (run) =>
        this.taskOf(run) !== undefined &&
        this.#restOf(run) === 0 &&
        (!this.#isDraining || this.#isWanted(run)) &&
        (run.state !== 'scheduled' || !options.space.isShort),
    });
  }

  /** Makes a task known at once; resolves when it is written down. */
  define(task: Task): Promise<TaskRecord> {
    const written = this.tasks.define(task);
    this.tellOf(task.id);
    this.dispatch();
    return written;
  }

  /** What keeps runs of a task from getting on may be different now. */
  tellOf(taskId: string): void {
    for (const launched of this.#runs.values()) if (launched.record.taskId === taskId) launched.tell();
  }

  task(taskId: string): Task | undefined {
    return this.tasks.get(taskId);
  }

  /** What a run does: what whoever began it brought, or what is defined under that name. */
  taskOf({ id, taskId }: { readonly id?: string | undefined; readonly taskId: string }): Task | undefined {
    return (id === undefined ? undefined : this.#runs.get(id)?.task) ?? this.tasks.get(taskId);
  }

  /** A run that has not ended. */
  run(runId: string): Launched | undefined {
    return this.#runs.get(runId);
  }

  /** All that have not ended, by their ids. */
  get runs(): ReadonlyMap<string, Launched> {
    return this.#runs;
  }

  /** Whether a run like this would have to wait for others to end, when these begin before it. */
  isFull(...[run, besides]: Parameters<Queue['isFull']>): boolean {
    return this.#queue.isFull(run, besides);
  }

  /** Takes a run that has not ended; it begins with the next `dispatch` that finds room for it. */
  add(run: RunRecord, task?: Task): void {
    const onChange = () => this.#options.onChange(run.id, 'run');
    this.#runs.set(run.id, new Launched(run, this.#known++, { task, onChange }));
    onChange();
    this.#wait(run);
  }

  /** Takes up a run of another process. What was under way goes on as what it was when it began, and so does what repeats another. */
  adopt(run: RunRecord): void {
    const isNew = run.state === 'scheduled' && run.attempt === 1 && run.retryOf === null;
    const isDefined = this.tasks.get(run.taskId) !== undefined;
    this.add(run, isNew && isDefined ? undefined : this.tasks.ofRun(run));
  }

  /** Begins what may begin, and comes again when the next run is due. */
  dispatch(): void {
    this.#callOff();
    if (this.#isStopped) return;
    const now = this.#clock.now();
    this.#elapsed = this.#clock.elapsed();
    for (let run = this.#queue.take(now); run; run = this.#queue.take(now)) this.#work(run.id, run.taskId);
    this.#comeAgain(now);
  }

  /** Gives a run its task, where nobody else could: it was begun as a child by another process. */
  bring(runId: string, task: Task): void {
    const launched = this.#runs.get(runId);
    if (!launched || launched.task) return;
    launched.task = task;
    launched.tell();
    this.dispatch();
  }

  /** Lets a run not begin until it is put back. */
  hold(runId: string): void {
    this.#queue.remove(runId);
  }

  putBack(run: RunRecord): void {
    this.#wait(run);
  }

  /** From now on begins only what runs that are under way wait for. */
  drain(): void {
    this.#isDraining = true;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** What is worked on here. */
  get live(): LiveRun[] {
    return [...this.#runs.values()].flatMap(({ live }) => live ?? []);
  }

  /** Resolves when nobody here works on anything. */
  async idle(): Promise<void> {
    const working = () => [...this.#runs.values()].flatMap((run) => run.working ?? []);
    for (let all = working(); all.length > 0; all = working()) await Promise.all(all);
  }

  /** Begins nothing any more, and changes nothing. */
  stop(): void {
    this.#isStopped = true;
    this.#callOff();
    for (const launched of this.#runs.values()) launched.leave();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** It has ended. */
  settle(runId: string, outcome: RunOutcome): void {
    const launched = this.#runs.get(runId);
    if (!launched) return;
    launched.end(outcome);
    this.#runs.delete(runId);
    this.onSettled(launched.record);
  }

  /** One that is tried again rests by the time that passes; any other waits for the time that it was given. */
  #wait(run: RunRecord): void {
    const launched = this.#runs.get(run.id);
    if (!launched) return;
    launched.rest = Rest.of(run, this.#clock);
    this.#queue.add({ ...run, place: launched.place, ...(launched.rest && { notBefore: null }) });
  }

  #restOf(run: { readonly id: string; readonly taskId: string }): number {
    return this.#runs.get(run.id)?.rest?.left(this.taskOf(run)?.retry, this.#elapsed) ?? 0;
  }

  #comeAgain(now: number): void {
    const dispatch = () => this.dispatch();
    const dueAt = this.#queue.nextDueAt(now);
    const rests = [...this.#runs.values()].map(({ record }) => this.#restOf(record)).filter((left) => left > 0);
    const off = [
      ...(dueAt === undefined ? [] : [this.#clock.at(dueAt, dispatch)]),
      ...(rests.length === 0 ? [] : [this.#clock.after(Math.min(...rests), dispatch)]),
    ];
    this.#callOff = () => {
      for (const callOff of off) callOff();
    };
  }

  /** It was told to stop, or somebody waits for it. */
  #isWanted(run: Pick<RunRecord, 'state'> & { readonly parentId?: string | null }): boolean {
    return run.state === 'cancelling' || (run.parentId ? this.#runs.get(run.parentId)?.isTaken === true : false);
  }

  #work(runId: string, taskId: string): void {
    const task = this.taskOf({ id: runId, taskId });
    const launched = this.#runs.get(runId);
    if (!task || !launched) return;
    launched.task = task; // also of the attempts to come, whatever is defined meanwhile
    const onLive = (live: LiveRun) => {
      launched.live = live;
    };
    launched.working = this.#worker
      .work(runId, task, { age: launched.age, onLive })
      .catch((thrown): Worked => ({ kind: 'left', why: fromUnknown(thrown) })) // it stays as it is written
      .then((worked) => {
        launched.working = undefined;
        launched.live = undefined;
        this.#queue.remove(runId);
        if (worked.kind === 'ended') this.settle(runId, worked.outcome);
        else if (worked.kind === 'again') this.#wait(worked.record);
        else this.#comeBack(launched, worked.why);
        this.dispatch();
      });
  }

  /**
   * The store took nothing, or somebody has changed it meanwhile: it is taken up again, as it is by then. What nobody has
   * thought of, and may come each time, is waited for longer and longer.
   */
  #comeBack(launched: Launched, why?: OptioError): void {
    launched.leftAgain(why);
    const { id } = launched.record;
    const isOthers = () => this.#isDraining || this.#isStopped || launched.isTaken || this.#runs.get(id) !== launched;
    const comeBack = async () => {
      if (isOthers()) return;
      const record = await this.#options.store.runs.find(id);
      if (isOthers()) return;
      if (record?.outcome) this.settle(id, record.outcome);
      else if (record) this.#wait(record);
      this.dispatch();
    };
    const fail = (thrown: unknown) => this.#comeBack(launched, fromUnknown(thrown));
    this.#clock.after(launched.pauseMs, () => void comeBack().catch(fail));
  }
}
