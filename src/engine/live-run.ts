import type { RunEventBody } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import type { Answer, Request } from '../contract/request.ts';
import type { RunView } from '../contract/view.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { toJson } from '../store/json.ts';
import type { CancelOrder, Requests, RunRecord, Workspaces } from '../store/store.ts';
import type { ChildOptions, ChildSpec, GroupOptions } from '../task/child.ts';
import type { DirectoryTaken, GivenAnswer, RunContext, RunDirectories, SessionControls } from '../task/context.ts';
import type { Logins } from '../task/logins.ts';
import type { Task } from '../task/task.ts';
import type { Age } from './age.ts';
import { Asks } from './asks.ts';
import { ChildGroup } from './child-group.ts';
import type { Children } from './children.ts';
import type { Clock } from './clock.ts';
import type { Compaction } from './compaction.ts';
import { readHistory, viewOf } from './history.ts';
import type { LiveDigest } from './live-digest.ts';
import type { LiveJournal } from './live-journal.ts';
import { Pausing } from './pausing.ts';
import { ProgressTold } from './progress.ts';
import { QueuedMessages } from './queued-messages.ts';
import { pauseBeforeRetry } from './retry.ts';
import type { Space } from './space.ts';
import { isUnderWay, sourcesOf } from './states.ts';

export interface LiveRunOptions {
  readonly record: RunRecord;
  readonly journal: LiveJournal;
  readonly digest: LiveDigest;
  readonly compaction: Compaction;
  readonly requests: Requests;
  readonly workspaces: Workspaces;
  readonly task: Task;
  readonly childrenOf: (run: LiveRun) => Children;
  readonly host: Host;
  readonly directories: RunDirectories;
  readonly env: RunContext['env'];
  readonly trace: RunContext['trace'];
  readonly logins: Logins;
  readonly age: Age;
  readonly clock: Clock;
  readonly space: Pick<Space, 'isShort'>;
}

/** A run that this process works on: what its task sees, and what others may do to it. */
export class LiveRun implements RunContext {
  /** As it was when this process took it over. */
  readonly record: RunRecord;
  readonly task: Task;
  /** What it has begun. */
  readonly children: Children;
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly scheduledFor: string | null;
  readonly params: unknown;
  readonly host: Host;
  readonly directories: RunDirectories;
  readonly env: RunContext['env'];
  readonly trace: RunContext['trace'];
  readonly logins: Logins;
  readonly journal: LiveJournal;
  /** What it has come to by now, for lists. */
  readonly digest: LiveDigest;
  readonly compaction: Compaction;
  /** What it says of how far it is. */
  readonly told: ProgressTold = new ProgressTold((event) => this.emit(event));
  /** How long ago it has begun first, in whichever process and attempt. */
  readonly age: Age;
  checkpoint: unknown;
  /** What it asks of whoever is there. */
  readonly asks: Asks;
  /** Whether it may go on, and what of its budget is left. */
  readonly pausing: Pausing;
  /** What waits to be sent. */
  readonly waiting: QueuedMessages;
  readonly #workspaces: Workspaces;
  readonly #cancel = new AbortController();
  readonly #detach = new AbortController();
  #order: CancelOrder | undefined;
  #controls: SessionControls | undefined;
  #served = Promise.withResolvers<void>();
  #hasBegun: boolean;
  #failure: OptioError | undefined;
  #fallen: CancelOrder | undefined;
  /** Its task was told that it is tried again, and may have kept what it needs for that. */
  #isToBeTriedAgain = false;

  constructor(options: LiveRunOptions) {
    const { record, task, childrenOf, journal, digest, compaction, requests, workspaces } = options;
    const { host, directories, env, trace, logins, age, clock, space } = options;
    this.record = record;
    this.task = task;
    this.runId = record.id;
    this.taskId = record.taskId;
    this.attempt = record.attempt;
    this.scheduledFor = record.scheduledFor;
    this.params = record.params;
    this.age = age;
    this.checkpoint = record.checkpoint;
    this.journal = journal;
    this.digest = digest;
    this.compaction = compaction;
    this.#workspaces = workspaces;
    this.host = host;
    this.directories = directories;
    this.env = env;
    this.trace = trace;
    this.logins = logins;
    const fail = (why: OptioError) => this.#fail(why);
    this.asks = new Asks({ runId: record.id, taskId: record.taskId, task, host, requests, journal, fail });
    this.pausing = new Pausing({ record, clock, space, fail, change: (change) => journal.change(change) });
    this.waiting = new QueuedMessages({
      runId: record.id,
      write: (event) => journal.change({ change: {}, events: [event] }),
      ...(record.lastSeq === 0 && { before: { queue: [], queuePause: null } }),
    });
    // Another process had begun it, and it was under way or on its end when that died.
    this.#hasBegun = isUnderWay(record.state) && record.state !== 'starting';
    this.children = childrenOf(this);
  }

  get ageMs(): number {
    return this.age.ms;
  }

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  get detached(): AbortSignal {
    return this.#detach.signal;
  }

  emit(event: RunEventBody): void {
    this.pausing.onEvent(event);
    this.waiting.onEvent(event);
    this.journal.emit(event);
    if (event.type === 'turn.ended') this.compaction.afterTurn(this.journal.written());
  }

  progress(percent: number | null, message?: string): void {
    this.told.set(percent, message);
  }

  written(): Promise<void> {
    return this.journal.written({ isDurable: true });
  }

  async history(): Promise<RunView> {
    await this.journal.written();
    return viewOf(this.journal.past());
  }

  async saveCheckpoint(checkpoint: unknown): Promise<void> {
    toJson(checkpoint, 'checkpoint'); // in the store it would hold up what is written with it
    this.checkpoint = checkpoint;
    await this.journal.change({ change: { checkpoint } });
  }

  takeDirectory(path: string, { isShared }: { readonly isShared: boolean }): Promise<DirectoryTaken> {
    const since = new Date().toISOString();
    const holder = { runId: this.runId, host: this.host.name, path, isShared, since };
    return this.#workspaces.take(holder, this.record.claim);
  }

  leaveDirectory(): Promise<void> {
    return this.#workspaces.release(this.runId, this.record.claim);
  }

  ask(request: Request, withdrawn: AbortSignal): Promise<GivenAnswer> {
    return this.asks.ask(request, withdrawn);
  }

  isTriedAgain(status: RunOutcome['status']): boolean {
    this.#isToBeTriedAgain = this.pauseAfter({ status }) !== undefined;
    return this.#isToBeTriedAgain;
  }

  /** How long it waits when this attempt has ended so, in milliseconds; undefined when it is not tried again. */
  pauseAfter(outcome: Pick<RunOutcome, 'status'>): number | undefined {
    return this.signal.aborted ? undefined : pauseBeforeRetry(outcome, this.attempt, this.task.retry);
  }

  /** Its task has kept something for another attempt, and there will be none. */
  hasKeptInVain(outcome: Pick<RunOutcome, 'status'>): boolean {
    return this.#isToBeTriedAgain && this.pauseAfter(outcome) === undefined;
  }

  serve(controls: SessionControls): () => void {
    this.#controls = controls;
    this.#served.resolve();
    return () => {
      if (this.#controls !== controls) return;
      this.#controls = undefined;
      this.#served = Promise.withResolvers();
    };
  }

  /** Resolves when there is a live session. */
  get served(): Promise<void> {
    return this.#served.promise;
  }

  get hasSession(): boolean {
    return this.#controls !== undefined;
  }

  /** The live session. Throws `conversation-not-ready` while there is none. */
  get controls(): SessionControls {
    if (this.#controls) return this.#controls;
    throw new OptioError('conversation-not-ready', `run ${this.runId} has no live session`, {
      remedy: 'A session takes messages once the run is running, and until it ends.',
    });
  }

  /** See `Asks.answer`. */
  answer(requestId: string, answer: Answer, by: string): Promise<void> {
    return this.asks.answer(requestId, answer, by);
  }

  async begin(): Promise<void> {
    if (this.#hasBegun) return;
    await this.journal.change({
      change: { state: 'running' },
      from: sourcesOf('running'),
      events: [{ type: 'run.state', state: 'running' }, ...this.pausing.begun()],
    });
    this.#hasBegun = true;
    this.pausing.begin();
  }

  /** Goes on from what the journal says of other processes and other attempts. */
  async takeUp(): Promise<void> {
    await this.journal.written();
    const { view: before, digest, leftQueue } = await readHistory(this.journal.past());
    this.digest.goOn(digest);
    this.compaction.whole();
    this.pausing.takeUp(before);
    this.waiting.takeUp(before, leftQueue);
    if (this.record.state !== 'scheduled') await this.asks.resume(before);
  }

  get isPaused(): boolean {
    return this.pausing.gate.isClosed;
  }

  whenPaused(): Promise<void> {
    return this.pausing.gate.whenClosed();
  }

  atRest(): void {
    this.pausing.atRest();
  }

  whenRunning(): Promise<void> {
    return this.pausing.gate.whenOpen();
  }

  admitTurn(): Promise<void> {
    return this.pausing.admitTurn();
  }

  runChild(task: Task | string, options?: ChildOptions): Promise<RunOutcome> {
    return this.children.run(task, options);
  }

  async runChildren(list: readonly ChildSpec[], options?: GroupOptions): Promise<RunOutcome[]> {
    return new ChildGroup(this.children, list, options).run();
  }

  /** The order to stop, once it is given. */
  get order(): CancelOrder | undefined {
    return this.#order;
  }

  /** Writes down the order to stop, and gives it. Throws `state-changed` when it has ended or had it before. */
  async stop(order: CancelOrder): Promise<void> {
    const told = { type: 'run.state', state: 'cancelling' } as const;
    const change = { state: 'cancelling', cancel: order } as const;
    await this.journal.change({ change, from: sourcesOf('cancelling').filter(isUnderWay), events: [told] });
    await this.cancel(order);
  }

  /** Gives the order that is written down, to it and to what it has begun; resolves when that is written down, too. */
  async cancel(order: CancelOrder): Promise<void> {
    this.#order ??= order;
    this.waiting.close();
    this.#cancel.abort(new OptioError('aborted', this.#order.reason));
    if (this.task.cancelsChildren !== false) await this.children.cancel(this.#order);
  }

  /** What is to stop it, and all that it has begun, by when: an order, or that it has failed. */
  get stopping(): CancelOrder | undefined {
    return this.#order ?? this.#fallen;
  }

  /** Why it has failed, whatever its task says. */
  get failure(): OptioError | undefined {
    return this.#failure;
  }

  /** Leaves it to whoever takes it over; nothing that is told from now on is written. */
  detach(reason: OptioError): void {
    this.asks.leave();
    this.#detach.abort(reason);
    this.journal.close();
  }

  #fail(why: OptioError): void {
    if (this.signal.aborted) return;
    this.#failure = why;
    this.waiting.close();
    this.#fallen = this.children.orderTo('the run that has begun it has failed', 'parent');
    this.#cancel.abort(why);
    // A task that waits for one of them comes to its end by that.
    if (this.task.cancelsChildren !== false) this.children.cancel(this.#fallen).catch(() => {}); // given again at its end
  }
}
