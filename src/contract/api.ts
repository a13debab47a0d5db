import type { Budget } from './budget.ts';
import type { RunEvent, TurnStatus } from './event.ts';
import type { RunOutcome } from './outcome.ts';
import type { Answer } from './request.ts';
import type { ApprovalRule, RequestPolicy } from './rule.ts';
import type { RunSpec } from './run-spec.ts';
import type { OpenRequest, RunFilter, RunSummary } from './run-summary.ts';
import type { RunView } from './view.ts';

/** Every verb of optio-codex. Implemented in this process by `Optio`. */
export interface OptioApi extends AsyncDisposable {
  /**
   * Defines a Codex task and launches it in one; see `launch`. Throws `invalid-config` when the spec contradicts itself, and when
   * `rules`, `requests`, `retry` or `ttlMs` make no sense.
   */
  run(spec: RunSpec, options?: RunOptions): Promise<RunHandle>;
  /**
   * Launches a run of a task: it is written down when this resolves, and begins as soon as there is room. Throws
   * `LaunchRefused`, whose `reason` says why not, `invalid-input` for options that make no sense, and `store-full`.
   */
  launch(taskId: string, options?: LaunchOptions): Promise<RunHandle>;
  /** A run that there is, whoever has launched it. Throws `not-found`. */
  find(runId: string): Promise<RunHandle>;
  /** The runs there are, oldest first. */
  list(filter?: RunFilter): Promise<RunSummary[]>;
  /** The requests that wait for an answer, oldest first; of all runs, or of one. */
  requests(runId?: string): Promise<OpenRequest[]>;
  /** Runs the real codex against a scripted model, which needs no account. Throws `invalid-input` for a pace that is none. */
  demo(options?: DemoOptions): Promise<RunHandle>;
  /** Refuses launches from now on, ends what is under way, and frees everything. */
  close(options?: CloseOptions): Promise<void>;
}

export interface LaunchOptions {
  /** What the run is given; what its task says, unless given. Instructions may name parts of it: see `RunSpec`. */
  readonly params?: unknown;
  /** More tags to find it by, and to limit or to block its like. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** How much it may use; what is left out is as its task says. */
  readonly budget?: Budget;
  /** Higher ones begin first (0); a whole number of 32 bits. */
  readonly priority?: number;
  /** It does not begin before this time. */
  readonly notBefore?: Date;
  /** `refuse`: throw instead of waiting when a limit is reached (`wait`). */
  readonly whenFull?: 'wait' | 'refuse';
}

/** What there is to say of a run besides its spec. */
export interface RunOptions extends LaunchOptions {
  /** They answer requests in the place of a person; the first that matches decides. */
  readonly rules?: readonly ApprovalRule[];
  /** What becomes of a request that no rule answers. */
  readonly requests?: RequestPolicy;
  /** How often it is tried, when it fails (once), and how long it waits before that, in milliseconds. */
  readonly retry?: { readonly attempts: number; readonly backoffMs?: number; readonly maxBackoffMs?: number };
  /** How long it is kept after its end, in whole milliseconds (for ever; 100 years at most). */
  readonly ttlMs?: number;
}

export interface DemoOptions {
  /** How long the model pauses between the pieces of what it says, in milliseconds (0). */
  readonly paceMs?: number;
}

export interface CloseOptions {
  /** How long what is under way may take to end by itself before it is cancelled, in milliseconds (0). */
  readonly drainMs?: number;
  /** What lives on outside of this process is left as it is, for the next one to take up (false). */
  readonly leave?: boolean;
}

/** One run, from outside. What is meant for its session waits for one, unless told otherwise; it throws `conversation-not-ready` when none comes. */
export interface RunHandle {
  readonly id: string;
  /** How it ended. Rejects only when this process leaves it to another. */
  readonly outcome: Promise<RunOutcome>;
  /** The journal after this number: past and live events, until the run has ended. Throws `invalid-input` for what is no number of an event. */
  events(options?: { readonly after?: number }): AsyncIterable<RunEvent>;
  /** What one sees of it now. */
  view(): Promise<RunView>;
  /**
   * Sends a message, or puts it into the running turn (`steer`); resolves once Codex has accepted it, which waits while the
   * run is paused. Throws `turn-rejected`.
   */
  send(message: string, options?: { readonly steer?: boolean }): Promise<RunTurn>;
  /** Ends the running turn, with its commands; the run goes on. Throws `conversation-not-ready` when there is no session. */
  interrupt(): Promise<void>;
  /** Chooses the model for the turns to come. */
  requestModelChange(model: string): Promise<void>;
  /** Says that the run is over, and done. */
  finish(): Promise<void>;
  /**
   * Ends the running turn and begins no other, until it is resumed. Throws `state-changed` when it is not under way, and
   * `conversation-not-ready` when nobody works on it.
   */
  pause(message?: string): Promise<void>;
  /**
   * Takes back the wish of `pause`, so that it goes on with what that has cut. Throws `budget-reached` and `store-full` while
   * that keeps it paused, and `conversation-not-ready` when nobody works on it.
   */
  resume(): Promise<void>;
  /** Changes what it may use. A run that its budget has paused goes on when that is enough. Throws `invalid-input` for what is no budget. */
  raiseBudget(budget: Budget): Promise<void>;
  /** Gives the order to stop, to it and to what it has begun; resolves when that is written down. The outcome tells when it has stopped. */
  cancel(reason?: string): Promise<void>;
  /**
   * Answers an open request, also while its codex is away; it is on disk when this resolves. The first answer holds. `by`
   * says who gives it, for the record (`caller`). Throws `not-found` when it is not open (any more), `invalid-input`.
   */
  answer(requestId: string, answer: Answer, options?: { readonly by?: string }): Promise<void>;
}

/** A turn that a message has begun, or was put into. */
export interface RunTurn {
  readonly id: string;
  /** How it ended. Rejects with `conversation-closed` when the run ends first. */
  readonly completed: Promise<RunTurnResult>;
}

export interface RunTurnResult {
  readonly id: string;
  readonly status: TurnStatus;
  /** What the agent answered; empty when it gave no answer. */
  readonly text: string;
  readonly error: string | null;
}
