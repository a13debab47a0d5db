import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { runOutcomeSchema } from '../contract/outcome.ts';
import { fromUnknown } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import { worktreeRecordSchema } from './worktree.ts';

const paths = z.array(z.string());

/** What was prepared for a session, as JSON. */
const preparedRecordSchema = z.object({
  workspace: z.object({
    path: z.string(),
    kind: z.enum(['directory', 'fresh', 'worktree']),
    gitRoot: z.string().optional(),
    worktree: worktreeRecordSchema.optional(),
  }),
  codexHome: z.string(),
  commandHome: z.string(),
  access: z.object({ denied: paths, missing: paths.default([]), writable: paths, readable: paths }),
  instructions: z.string().optional(),
  configText: z.string(),
  /** With what of it begins that is of the lent seed. */
  lentText: z.string().default(''),
  /** What may stand in its place, where a process died while it was written anew. */
  configBefore: z.string().optional(),
});
export type PreparedRecord = z.infer<typeof preparedRecordSchema>;

const checkpointSchema = z.object({
  /** Which attempt wrote it: another one begins anew, unless something was kept for it. */
  attempt: z.number(),
  prepared: preparedRecordSchema,
  /** The saved login that codex has, or had in the attempt before. */
  seed: z.object({ id: z.string(), mode: z.enum(['broker', 'file', 'key']) }).optional(),
  /** The process, once it was started. */
  codex: z.object({ pid: z.number(), startTime: z.number().nullable(), bootId: z.string() }).optional(),
  /** Whether its thread was opened in that process (true, where it is not said). */
  isOpen: z.boolean().optional(),
  threadId: z.string().optional(),
  /** How many turns the journal had of earlier threads. */
  turnsOfOtherThreads: z.number().optional(),
  /** The sandbox of that process was found to work. */
  isChecked: z.boolean().optional(),
  /** How the session ends: decided, whatever comes. What is left is to tidy up. */
  end: runOutcomeSchema.omit({ durationMs: true, workspace: true }).optional(),
  /** What became of the workspace: it is settled. */
  report: runOutcomeSchema.shape.workspace,
  /** The attempt has failed, and the next one goes on with what was prepared. */
  kept: z
    .object({
      isUnfinished: z.boolean(),
      /** Turns after so many of the journal may decide yet about the run (those that come from now on). */
      turnsBefore: z.number().optional(),
    })
    .optional(),
  /** It goes on after an attempt that has failed. */
  nextAttempt: z
    .object({
      /** That one had begun a turn, and it did not end as it should. */
      isUnfinished: z.boolean(),
      /** How many turns the journal had before those that may decide about the run. */
      turnsBefore: z.number(),
      /** Names the message with which we ask Codex to go on. */
      messageId: z.string(),
    })
    .optional(),
});
type State = z.infer<typeof checkpointSchema>;
export type NextAttempt = NonNullable<State['nextAttempt']>;

type Added =
  | 'prepared'
  | 'seed'
  | 'codex'
  | 'isOpen'
  | 'threadId'
  | 'turnsOfOtherThreads'
  | 'isChecked'
  | 'end'
  | 'report'
  | 'kept';

/** The saved login of which a codex has short-lived tokens, or a key, that may live on; undefined where none does. */
export function liveSeedOf(run: Pick<RunContext, 'checkpoint' | 'attempt'>): string | undefined {
  const { data } = checkpointSchema.safeParse(run.checkpoint);
  const mayLive = data?.attempt === run.attempt && data.codex !== undefined && data.end === undefined;
  return mayLive && data.seed?.mode !== 'file' ? data.seed?.id : undefined;
}

/** How far a session has come, on disk: enough for another process to go on with it. */
export class SessionCheckpoint {
  readonly #context: RunContext;
  /** Another process, or the attempt before, has come so far before us. */
  readonly isResumed: boolean;
  /** It was the attempt before, which has ended: nothing of it lives. */
  readonly isNextAttempt: boolean;
  /** This process begins the attempt. */
  readonly isNew: boolean;
  #state: State | undefined;

  /** Reads what a process before us has written down. What it cannot read was written by another version, and is none. */
  constructor(context: RunContext) {
    this.#context = context;
    const { success, data } = checkpointSchema.safeParse(context.checkpoint);
    this.isNextAttempt = success && data.attempt < context.attempt && data.kept !== undefined;
    this.#state = success && (data.attempt === context.attempt || this.isNextAttempt) ? data : undefined;
    this.isResumed = this.#state !== undefined;
    this.isNew = this.isNextAttempt || !this.isResumed;
  }

  /** Undefined when the session has not come so far. */
  get state(): Readonly<State> | undefined {
    return this.#state;
  }

  /** Begins with what was prepared. */
  async begin(prepared: PreparedRecord, seed: State['seed']): Promise<void> {
    await this.#save({ attempt: this.#context.attempt, prepared, ...(seed && { seed }) });
  }

  /** Begins another attempt, with what the one before has kept; the journal has so many turns by now. */
  async beginNextAttempt(turns: number): Promise<void> {
    if (!this.#state) return;
    const { prepared, threadId, turnsOfOtherThreads, kept, seed } = this.#state;
    const { isUnfinished = true, turnsBefore = turns } = kept ?? {};
    const nextAttempt = { isUnfinished, turnsBefore, messageId: randomUUID() };
    await this.#save({ attempt: this.#context.attempt, prepared, threadId, turnsOfOtherThreads, nextAttempt, seed });
  }

  /** What is undefined is taken out. */
  async add(more: { readonly [K in Added]?: State[K] | undefined }): Promise<void> {
    if (!this.#state) return;
    const { prepared = this.#state.prepared } = more;
    await this.#save({ ...this.#state, ...more, prepared, attempt: this.#context.attempt });
  }

  /** The same at the end: a run that was let go writes nothing any more, and is to be tidied up all the same. */
  async addIfHeld(more: Parameters<SessionCheckpoint['add']>[0]): Promise<void> {
    try {
      await this.add(more);
    } catch (thrown) {
      if (fromUnknown(thrown).code !== 'claim-lost') throw thrown;
    }
  }

  async #save(state: State): Promise<void> {
    this.#state = state;
    await this.#context.saveCheckpoint(state);
  }
}
