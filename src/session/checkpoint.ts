import { z } from 'zod';
import { runOutcomeSchema } from '../contract/outcome.ts';
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
  access: z.object({ denied: paths, writable: paths, readable: paths }),
  instructions: z.string().optional(),
  configText: z.string(),
});
export type PreparedRecord = z.infer<typeof preparedRecordSchema>;

const checkpointSchema = z.object({
  /** Which attempt wrote it: another one begins anew. */
  attempt: z.number(),
  prepared: preparedRecordSchema,
  /** The process, once it was started. */
  codex: z.object({ pid: z.number(), startTime: z.number().nullable(), bootId: z.string() }).optional(),
  threadId: z.string().optional(),
  /** The sandbox of that process was found to work. */
  isChecked: z.boolean().optional(),
  /** How the session ends: decided, whatever comes. What is left is to tidy up. */
  end: runOutcomeSchema.omit({ durationMs: true, workspace: true }).optional(),
  /** What became of the workspace: it is settled. */
  report: runOutcomeSchema.shape.workspace,
});
type State = z.infer<typeof checkpointSchema>;

/** How far a session has come, on disk: enough for another process to go on with it. */
export class SessionCheckpoint {
  readonly #context: RunContext;
  /** Another process has come so far before us. */
  readonly isResumed: boolean;
  #state: State | undefined;

  /** Reads what a process before us has written down. What it cannot read was written by another version, and is none. */
  constructor(context: RunContext) {
    this.#context = context;
    const { success, data } = checkpointSchema.safeParse(context.checkpoint);
    this.#state = success && data.attempt === context.attempt ? data : undefined;
    this.isResumed = this.#state !== undefined;
  }

  /** Undefined when the session has not come so far. */
  get state(): Readonly<State> | undefined {
    return this.#state;
  }

  /** Begins with what was prepared. */
  async begin(prepared: PreparedRecord): Promise<void> {
    await this.#save({ attempt: this.#context.attempt, prepared });
  }

  async add(more: Partial<Pick<State, 'codex' | 'threadId' | 'isChecked' | 'end' | 'report'>>): Promise<void> {
    if (this.#state) await this.#save({ ...this.#state, ...more });
  }

  async #save(state: State): Promise<void> {
    this.#state = state;
    await this.#context.saveCheckpoint(state);
  }
}
