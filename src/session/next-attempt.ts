import type { RunOutcome } from '../contract/outcome.ts';
import { isOurs, isRunning, turnsOf } from '../contract/so-far.ts';
import type { RunView } from '../contract/view.ts';
import { OptioError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { PreparedRecord, SessionCheckpoint } from './checkpoint.ts';
import type { SessionConfig } from './config.ts';
import type { LiveSession } from './live.ts';
import { discardLeftovers } from './prepare-again.ts';
import { Worktree } from './worktree.ts';

type State = NonNullable<SessionCheckpoint['state']>;

/** An attempt that is over. */
export interface Attempt {
  readonly status: RunOutcome['status'];
  /** The last conversation of this process. */
  readonly live: LiveSession | undefined;
  /** Its thread could not be taken up. */
  readonly isThreadLost: boolean;
}

/** What the next attempt has to know of one that is over; undefined where there is no next one, or nothing was prepared. */
export async function toKeep(
  context: RunContext,
  state: State | undefined,
  { status, live, isThreadLost }: Attempt,
): Promise<(Pick<State, 'kept'> & { readonly threadId: string | undefined }) | undefined> {
  if (!state || !context.isTriedAgain(status)) return undefined;
  const isOver = isThreadLost || live?.isThreadFull === true;
  const kept = live ? { isUnfinished: live.isUnfinished } : leftBy(state, await context.history());
  return { kept, threadId: isOver ? undefined : state.threadId };
}

/** Of an attempt that came to no conversation here: a process before us may have had one, and died before anything came of it. */
function leftBy({ kept, nextAttempt }: State, view: RunView): NonNullable<State['kept']> {
  if (kept) return kept; // of the attempt before: this one has not begun
  const { turnsBefore = 0, isUnfinished = false } = nextAttempt ?? {};
  const last = turnsOf(view, turnsBefore).findLast(isOurs);
  if (!last) return { isUnfinished };
  if (isRunning(last) || last.isCut) return { isUnfinished: true };
  return { isUnfinished: false, turnsBefore };
}

/** What a process, or an attempt, before us has written down, unless the workspace of that attempt is gone. */
export async function findSaved(
  context: RunContext,
  config: SessionConfig,
  { isNextAttempt, state }: SessionCheckpoint,
): Promise<SessionCheckpoint['state']> {
  if (!state || !isNextAttempt || (await isStillThere(context, state.prepared))) return state;
  const message = 'the workspace of the attempt before is gone; everything is begun anew';
  context.emit({ type: 'notice', level: 'warning', message });
  await discardKept(context, config, state.prepared);
  return undefined;
}

async function isStillThere({ host }: RunContext, { workspace, codexHome }: PreparedRecord): Promise<boolean> {
  return (await host.exists(workspace.path)) && host.exists(codexHome);
}

/** Removes what is left of that. Throws `workspace-refused` where it would take commits along. */
async function discardKept(context: RunContext, config: SessionConfig, { workspace }: PreparedRecord): Promise<void> {
  const { host, runId } = context;
  const { branch } = workspace.worktree ? await new Worktree(host, workspace.worktree).finish('', runId) : {};
  if (branch) {
    throw new OptioError('workspace-refused', `the worktree ${workspace.path} is gone; its commits are on ${branch}`, {
      remedy: 'Launch it again: another run has a branch of its own.',
    });
  }
  await discardLeftovers(context, config);
}
