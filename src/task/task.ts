import type { Budget } from '../contract/budget.ts';
import type { Request } from '../contract/request.ts';
import type { ApprovalRule, RequestPolicy } from '../contract/rule.ts';
import type { Schedule } from '../contract/schedule.ts';
import type { Host } from '../hosts/host.ts';
import type { RunContext } from './context.ts';
import type { TaskResult } from './result.ts';

/** A definition of work: what to do when it is run. Any async function of a `RunContext` will do. */
export interface Task {
  /** Chosen by its author. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Tags to find it by. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What makes the task again in another process, where it is plain data. */
  readonly definition?: unknown;
  /**
   * Whether it can be executed once more after the process has died, from its checkpoint (false). A run of a task that
   * cannot has failed then.
   */
  readonly canRecover?: boolean;
  /** It says itself when a run is under way (`context.begin`); otherwise a run is so from its first moment. */
  readonly tellsBegin?: boolean;
  /**
   * How long a run of it may take to stop once it is cancelled, with all that it has begun, in milliseconds; after that they
   * are let go (5,000, or what the one below it says that may take longest; 2^31 - 1 at most).
   */
  readonly graceMs?: number;
  /**
   * Whether a cancel of a run goes down to what it has begun (true). Where it does not, the task stops its children
   * itself, and may begin more of them, until the deadline; then all of them are let go.
   */
  readonly cancelsChildren?: boolean;
  /** What its runs are given. A launch that gives an object too adds to it by name; anything else takes its place. */
  readonly params?: unknown;
  /** Throws `invalid-input` for what a run of it cannot be given; asked at each launch but those of a schedule. */
  checkParams?(params: unknown): void;
  /** When runs of it are launched by themselves; each is told the time for which it was (`context.scheduledFor`). */
  readonly schedule?: Schedule;
  /** How long a run of it is kept after its end, with all that it has begun, in whole milliseconds (for ever; 100 years at most). */
  readonly ttlMs?: number;
  /** How many runs of it may be under way at a time; others wait. */
  readonly maxRunning?: number;
  /**
   * An attempt that fails keeps what the next one needs (`context.isTriedAgain`), so that a run which is cancelled while it
   * waits for that is executed once more, with the order to stop, to tidy up (false).
   */
  readonly keepsForNextAttempt?: boolean;
  /** How much each run of it may use (as much as it likes). */
  readonly budget?: Budget;
  /** How often a run of it is tried (1: never again), and how long it waits before the second attempt. */
  readonly retry?: RetryPolicy;
  /** They answer requests in the place of a person, each as soon as it is written down; the first that matches decides. */
  readonly rules?: readonly ApprovalRule[];
  /** What becomes of a request that no rule answers. */
  readonly requests?: RequestPolicy;
  /**
   * Told of each of them that no rule answers; again in the process that takes a run up, once that has defined the task.
   * Nobody waits for it.
   */
  readonly onRequest?: (opened: OpenedRequest) => unknown;
  /**
   * Throws where the host of a run lacks what it names, so that nobody has to find out later; asked where a person or a program
   * launches a run that may begin at once.
   */
  checkPlace?(host: Host): Promise<void>;
  /** Does the work. What it throws makes the run fail; see `TaskResult` for what it returns. */
  execute(context: RunContext): Promise<TaskResult>;
  /**
   * Ends by force what of a run lives outside of our process, once its time to stop is over: the run is let go after that,
   * whatever `execute` still does. Without it there is nothing to end.
   */
  letGo?(run: Pick<RunContext, 'runId' | 'host' | 'directories'>): Promise<void>;
}

/** A request that is written down and waits for its answer. */
export interface OpenedRequest {
  readonly runId: string;
  readonly taskId: string;
  readonly openedAt: string;
  readonly request: Request;
}

export interface RetryPolicy {
  /** How often in all. */
  readonly attempts: number;
  /** Before the second attempt, in milliseconds (1,000); twice as long before each further one. */
  readonly backoffMs?: number;
  /** No pause is longer, in milliseconds (300,000). */
  readonly maxBackoffMs?: number;
}
