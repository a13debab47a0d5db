import { OptioError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { PreparedRecord, SessionCheckpoint } from './checkpoint.ts';
import type { SessionConfig } from './config.ts';
import type { LiveSession } from './live.ts';
import { discardLeftovers } from './prepare-again.ts';
import { Worktree } from './worktree.ts';

type State = NonNullable<SessionCheckpoint['state']>;

/** What the next attempt has to know of one that has failed; `isThreadLost`: its thread could not be taken up. */
export function toKeep(
  { kept, nextAttempt, threadId }: State,
  live: LiveSession | undefined,
  isThreadLost: boolean,
): Pick<State, 'kept'> & { readonly threadId: string | undefined } {
  const isUnfinished = live?.isUnfinished ?? (kept ?? nextAttempt)?.isUnfinished ?? false;
  const isOver = isThreadLost || live?.isThreadFull === true;
  return { kept: { isUnfinished }, threadId: isOver ? undefined : threadId };
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
