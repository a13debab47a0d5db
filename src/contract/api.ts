import type { Check } from './doctor.ts';
import type { RunEvent } from './event.ts';
import type { RunOutcome } from './outcome.ts';
import type { Answer } from './request.ts';
import type { RunSpec } from './run-spec.ts';

/** Every verb of optio-codex. Implemented in this process by `Optio`. */
export interface OptioApi extends AsyncDisposable {
  /** Starts a run. Throws `invalid-config` when the spec contradicts itself. */
  run(spec: RunSpec): Promise<RunHandle>;
  /** Starts a run of the real codex against a scripted model, which needs no account. */
  demo(options?: DemoOptions): Promise<RunHandle>;
  /** Looks at this machine, one check after the other. */
  doctor(): AsyncIterable<Check>;
  /** Cancels what runs, waits for it to end, and frees everything. */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** How long the model pauses between the pieces of what it says, in milliseconds (0). */
  readonly paceMs?: number;
}

/** One run, from outside. */
export interface RunHandle {
  readonly id: string;
  /** How it ended; never rejects. */
  readonly outcome: Promise<RunOutcome>;
  /** The journal after this number: past and live events, until the run has ended. */
  events(options?: { readonly after?: number }): AsyncIterable<RunEvent>;
  /** Sends a message. Throws `conversation-not-ready` while there is no live session, `turn-rejected`. */
  send(message: string, options?: { readonly steer?: boolean }): Promise<{ readonly turnId: string }>;
  /** Ends the running turn; the run goes on. */
  interrupt(): Promise<void>;
  /** Chooses the model for the turns to come. */
  requestModelChange(model: string): void;
  /** Says that the run is over, and done. */
  finish(): void;
  /** Gives the order to stop; the outcome tells when it has. */
  cancel(reason: string): void;
  /** Answers an open request; the first answer holds. Throws `not-found` when it is not open (any more), `invalid-input`. */
  answer(requestId: string, answer: Answer): void;
}
