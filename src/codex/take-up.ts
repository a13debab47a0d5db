import { setTimeout as delay } from 'node:timers/promises';
import { OptioError } from '../errors.ts';
import type { CodexClient } from './client.ts';
import { checkProfile, type HandshakeOptions, resumeParams } from './handshake.ts';
import type { ThreadResumeParams } from './protocol/v2/ThreadResumeParams.ts';
import type { ThreadResumeResponse } from './protocol/v2/ThreadResumeResponse.ts';
import type { Turn } from './protocol/v2/Turn.ts';
import type { TurnItemsView } from './protocol/v2/TurnItemsView.ts';

/** How many turns may have gone on while a connection was lost; the newest are looked at. */
const PAGE = 10;
/** How long what Codex shows of a fresh turn may be wrong, in milliseconds. */
const SETTLING_MS = 2_000;

/** A thread that tells us again what happens in it. */
export interface TakenUpThread {
  readonly threadId: string;
  /** Its newest turns, oldest first. */
  readonly turns: readonly Turn[];
}

export type TakeUpOptions = Pick<HandshakeOptions, 'experimentalApi' | 'expectProfile'> & {
  /** A history may hold what no message can bring: asks for nothing but how the turns stand. */
  readonly withoutItems: boolean;
};

/**
 * Takes a thread up again over a new connection to the same process, and its sub-agents, of which Codex would say and
 * ask nothing any more. The thread itself comes first. Throws `sandbox-changed` for a profile that is not the expected one.
 */
export async function takeUpThreads(
  client: CodexClient,
  threadId: string,
  options: HandshakeOptions,
  withoutItems: boolean,
): Promise<readonly TakenUpThread[]> {
  const all = { ...options, withoutItems };
  const own = await takeUp(client, resumeParams(threadId, options), all);
  return [{ threadId, turns: own.turns }, ...(await takeUpChildren(client, own.thread, all))];
}

/** Takes up the sub-agents of a thread, wherever they stand. */
export async function takeUpChildren(
  client: CodexClient,
  { id, sessionId }: ThreadResumeResponse['thread'],
  options: TakeUpOptions,
): Promise<readonly TakenUpThread[]> {
  const children: TakenUpThread[] = [];
  const { data } = await client.call('thread/loaded/list', {});
  for (const threadId of data ?? []) {
    if (threadId === id) continue;
    try {
      const { thread } = await client.call('thread/read', { threadId, includeTurns: false });
      if (thread.parentThreadId == null || thread.sessionId !== sessionId) continue;
      const permissions = options.expectProfile && { permissions: options.expectProfile };
      const { turns } = await takeUp(client, { threadId, ...permissions }, options);
      children.push({ threadId, turns });
    } catch (error) {
      // It may have been closed meanwhile, which is nothing to be told.
      if (!(error instanceof OptioError) || error.code !== 'call-failed') throw error;
    }
  }
  return children;
}

/**
 * Looks at the newest turns once more. Just after a connection was lost Codex shows a turn that still runs as
 * interrupted, now and then.
 */
export async function lookAgain(
  client: CodexClient,
  threadId: string,
  withoutItems: boolean,
): Promise<readonly Turn[]> {
  await delay(SETTLING_MS);
  return newestTurns(client, threadId, withoutItems ? 'notLoaded' : 'full');
}

async function takeUp(
  client: CodexClient,
  params: ThreadResumeParams,
  { experimentalApi, expectProfile, withoutItems }: TakeUpOptions,
): Promise<{ thread: ThreadResumeResponse['thread']; turns: readonly Turn[] }> {
  const itemsView = withoutItems ? 'notLoaded' : 'full';
  const { thread, activePermissionProfile, initialTurnsPage } = await client.call('thread/resume', {
    ...params,
    ...((experimentalApi || withoutItems) && { excludeTurns: true }),
    ...(experimentalApi && { initialTurnsPage: { limit: PAGE, itemsView } }),
  });
  checkProfile(expectProfile, activePermissionProfile?.id, true);
  if (initialTurnsPage) return { thread, turns: initialTurnsPage.data.toReversed() };
  const isWhole = !withoutItems || thread.turns.length > 0;
  return { thread, turns: isWhole ? thread.turns : await newestTurns(client, params.threadId, itemsView) };
}

/** Oldest first. */
async function newestTurns(client: CodexClient, threadId: string, itemsView: TurnItemsView): Promise<readonly Turn[]> {
  const { data } = await client.call('thread/turns/list', { threadId, limit: PAGE, itemsView });
  return data.toReversed();
}
