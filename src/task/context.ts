import type { RunEventBody } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import type { Answer, Request } from '../contract/request.ts';
import type { RunView } from '../contract/view.ts';
import type { Host } from '../hosts/host.ts';
import type { ChildOptions, ChildSpec, GroupOptions } from './child.ts';
import type { Logins } from './logins.ts';
import type { Task } from './task.ts';
import type { WaitingMessages } from './waiting-messages.ts';

/** An answer with who gave it. */
export interface GivenAnswer {
  readonly answer: Answer;
  readonly by: string;
}

interface MessageOptions {
  /** Put it into the running turn. */
  readonly steer: boolean;
  /** What the journal calls it; made up unless given. */
  readonly messageId?: string;
  /** Pictures that go with it: files of the workspace. */
  readonly images?: readonly string[];
}

/** What a live session does for whoever watches the run. */
export interface SessionControls {
  /** Sends a message; resolves with the turn once Codex has accepted it. */
  send(message: string, options: MessageOptions): Promise<{ readonly turnId: string }>;
  /** Ends the running turn, or this one if it is that; the session goes on. */
  interrupt(turnId?: string): Promise<void>;
  /** Says that the run is over, and done. */
  finish(): void;
  requestModelChange(model: string): void;
  requestEffortChange(effort: string): void;
}

/** A run that works in a directory. */
export interface DirectoryHolder {
  readonly runId: string;
  readonly path: string;
  readonly since: string;
}

/** Whether a run has a directory now, and which others work there too. */
export interface DirectoryTaken {
  readonly isTaken: boolean;
  readonly others: readonly (DirectoryHolder & { readonly isShared: boolean })[];
}

/** Where a run keeps its things, on its host. */
export interface RunDirectories {
  /** Everything of ours; no command that a model runs may look into it. */
  readonly data: string;
  /** This run's part of it, made by whoever runs it and removed at its end. */
  readonly run: string;
  /** Where something of it stays until it is removed; undefined where nobody would ever remove it. */
  readonly kept?: string;
  /** Where fresh workspaces and worktrees are made. Outside of `data`, since commands work there. */
  readonly workspaces: string;
}

/** What a task sees of the run that it is: the journal, the people who watch, and the order to stop. */
export interface RunContext {
  readonly runId: string;
  readonly taskId: string;
  /** Which attempt of the run this is, counted from 1. */
  readonly attempt: number;
  readonly host: Host;
  readonly directories: RunDirectories;
  /** The environment of the process that runs this: keys are looked for there, and little of it is passed on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The saved logins. */
  readonly logins: Logins;
  /** Sees every message between us and codex, for finding faults. */
  readonly trace: ((direction: 'in' | 'out', text: string) => void) | undefined;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /**
   * Aborted when this process is to leave the run to another: whatever lives on outside of it, such as a session, is
   * left as it is, and nothing more is written.
   */
  readonly detached: AbortSignal;
  /** The time of its task's schedule for which it was launched, as ISO 8601 in UTC; null when somebody launched it. */
  readonly scheduledFor: string | null;
  /** What the launch gave it; null when it gave nothing. */
  readonly params: unknown;
  /** What was saved last, maybe before the death of another process; null when nothing was. */
  readonly checkpoint: unknown;
  /** Saves what this run needs to go on after our death, as JSON; on disk when it resolves. It takes the place of the last one. */
  saveCheckpoint(checkpoint: unknown): Promise<void>;
  /** Says that the preparations are over and the run is under way. Throws `state-changed` when it was cancelled meanwhile. */
  begin(): Promise<void>;
  /**
   * Whether the run is tried again when this attempt ends so. Who is told yes may keep what the next one needs. Should there
   * be no other attempt after all, the task is executed once more, with the order to stop, to tidy up.
   */
  isTriedAgain(status: RunOutcome['status']): boolean;
  /** Nothing is to be done now that costs anything: its budget is used up, there is no space, or somebody wished so. */
  readonly isPaused: boolean;
  /** Resolves when it is paused; at once if it is. */
  whenPaused(): Promise<void>;
  /** Says, after `whenPaused`, that nothing is done any more that costs anything: no turn runs, and nothing is written. */
  atRest(): void;
  /** Resolves when it is not paused. */
  whenRunning(): Promise<void>;
  /** To be called before each turn: resolves when one may begin. Where its budget allows none, it is paused before that. */
  admitTurn(): Promise<void>;
  /**
   * Says that it works in a directory, by its real path, until it leaves it or has ended. It does not get one in which
   * another run works, or above or below which one does, when neither of them shares; the first has it.
   */
  takeDirectory(path: string, options: { readonly isShared: boolean }): Promise<DirectoryTaken>;
  leaveDirectory(): Promise<void>;
  /** How long ago it has begun for the first time, in whichever process and attempt, in milliseconds. */
  readonly ageMs: number;
  /** What the journal says so far, of this process and those before it. */
  history(): Promise<RunView>;
  /** Writes an event into the journal. */
  emit(event: RunEventBody): void;
  /**
   * Says how far it is, in percent (null: nobody knows), and with what. Each call takes the place of the one before; at
   * most ten a second are told, and always the last one.
   */
  progress(percent: number | null, message?: string): void;
  /** Resolves when all that was emitted so far is on disk. */
  written(): Promise<void>;
  /**
   * Asks a person or a rule. The request is written down before anyone is told, and the answer before it is given to
   * us. When `withdrawn` is aborted no answer is needed any more, and it rejects; an `OptioError` as the
   * reason says that the session has ended.
   */
  ask(request: Request, withdrawn: AbortSignal): Promise<GivenAnswer>;
  /**
   * Runs a task as a child, a run of its own, and resolves with how it ended. While it waits, this run counts for no
   * limit. Executed once more after a death, it is given the same child again. Throws `ChildFailed`, and `LaunchRefused`
   * when launches are blocked; `cancelled` comes back for a child that was not begun since this run is to stop.
   */
  runChild(task: Task | string, options?: ChildOptions): Promise<RunOutcome>;
  /** Runs children beside each other, and resolves when all are over. The first that ends badly stops the others. */
  runChildren(list: readonly ChildSpec[], options?: GroupOptions): Promise<RunOutcome[]>;
  /** The messages that wait for it: whoever has a live session sends them. */
  readonly waiting: WaitingMessages;
  /** Offers a live session to whoever watches; the result takes it back. */
  serve(controls: SessionControls): () => void;
}
