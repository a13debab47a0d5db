import { setTimeout as delay } from 'node:timers/promises';
import { OptioError } from '../errors.ts';
import type { CodexClient } from './client.ts';
import { checkProfile, type HandshakeOptions, resumeParams } from './handshake.ts';
import type { Thread } from './protocol/v2/Thread.ts';
import type { ThreadResumeParams } from './protocol/v2/ThreadResumeParams.ts';
import type { ThreadResumeResponse } from './protocol/v2/ThreadResumeResponse.ts';
import type { Turn } from './protocol/v2/Turn.ts';
import type { TurnItemsView } from './protocol/v2/TurnItemsView.ts';
import type { TurnsPage } from './protocol/v2/TurnsPage.ts';
import { isNotStored } from './rejection.ts';

/** How many turns are asked for at a time, the newest first. */
const PAGE = 10;
/** How often older ones are asked for, until one is found that was told before. */
const MAX_PAGES = 50;
/** From so many characters of turns on only how the others stand is asked for, without what happened in them. */
const MAX_SIZE = 64 * 1024 * 1024;
/** How long what Codex shows of a fresh turn may be wrong, in milliseconds. */
const SETTLING_MS = 2_000;

/** A thread that tells us again what happens in it. */
export interface TakenUpThread {
  readonly threadId: string;
  /** Its newest turns, oldest first. */
  readonly turns: readonly Turn[];
  /** There may be older ones that were not told before; they were too many to look for. */
  readonly isCut: boolean;
}

type Turns = Pick<TakenUpThread, 'turns' | 'isCut'>;

export interface LookOptions {
  /** A history may hold what no message can bring: asks for nothing but how the turns stand. */
  readonly withoutItems: boolean;
  /** Whether these turns of a thread, newest first, go back as far as need be. */
  readonly isEnough: (threadId: string, turns: readonly Turn[]) => boolean;
}

export type TakeUpOptions = Pick<HandshakeOptions, 'agentLabel' | 'experimentalApi' | 'expectProfile'> & LookOptions;

/**
 * Takes a thread up again over a new connection to the same process, and its sub-agents, of which Codex would say and
 * ask nothing any more. The thread itself comes first. Throws `sandbox-changed` for a profile that is not the expected one.
 */
export async function takeUpThreads(
  client: CodexClient,
  threadId: string,
  options: HandshakeOptions & LookOptions,
): Promise<{ readonly response: ThreadResumeResponse; readonly threads: readonly TakenUpThread[] }> {
  const own = await read(client, threadId);
  const { response, ...seen } = await takeUp(client, own, resumeParams(threadId, options), options);
  return { response, threads: [{ threadId, ...seen }, ...(await takeUpChildren(client, own, options))] };
}

/** Takes up the sub-agents of a thread, wherever they stand. */
export async function takeUpChildren(
  client: CodexClient,
  { id, sessionId }: Thread,
  options: TakeUpOptions,
): Promise<readonly TakenUpThread[]> {
  const children: TakenUpThread[] = [];
  const { data } = await client.call('thread/loaded/list', {});
  for (const threadId of data ?? []) {
    if (threadId === id) continue;
    try {
      const child = await read(client, threadId);
      if (child.parentThreadId == null || child.sessionId !== sessionId) continue;
      const permissions = options.expectProfile && { permissions: options.expectProfile };
      const { turns, isCut } = await takeUp(client, child, { threadId, ...permissions }, options);
      children.push({ threadId, turns, isCut });
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
export async function lookAgain(client: CodexClient, threadId: string, options: LookOptions): Promise<Turns> {
  await delay(SETTLING_MS);
  return newestTurns(client, threadId, options);
}

async function read(client: CodexClient, threadId: string): Promise<Thread> {
  return (await client.call('thread/read', { threadId, includeTurns: false })).thread;
}

async function takeUp(
  client: CodexClient,
  { status }: Thread,
  whole: ThreadResumeParams,
  options: TakeUpOptions,
): Promise<Turns & { readonly response: ThreadResumeResponse }> {
  const { agentLabel, experimentalApi, expectProfile, withoutItems } = options;
  // A profile or instructions, even those that it has, make Codex load an idle thread anew: that ends the commands which
  // outlived their turn, and the raw items. A thread that is loaded has them, and its profile is checked below.
  const { permissions, developerInstructions, ...params } = whole;
  const isLoaded = status.type !== 'notLoaded';
  const resume = () =>
    client.call('thread/resume', {
      ...(isLoaded ? params : whole),
      ...((experimentalApi || withoutItems) && { excludeTurns: true }),
      ...(experimentalApi && { initialTurnsPage: { limit: PAGE, itemsView: itemsViewOf(withoutItems) } }),
    });
  const response = await resume().catch(async (error: unknown) => {
    if (!isNotStored(error)) throw error;
    // Codex stores a thread with its first turn, and finds none that is not stored. One that gets a name is stored too.
    await client.call('thread/name/set', { threadId: params.threadId, name: agentLabel });
    return resume();
  });
  const { thread, activePermissionProfile, initialTurnsPage } = response;
  checkProfile(expectProfile, activePermissionProfile?.id, true);
  const isWhole = !initialTurnsPage && (!withoutItems || thread.turns.length > 0);
  if (isWhole) return { response, turns: thread.turns, isCut: false };
  return { response, ...(await newestTurns(client, params.threadId, options, initialTurnsPage ?? undefined)) };
}

/** Pages back until there are enough of them. */
async function newestTurns(
  client: CodexClient,
  threadId: string,
  options: LookOptions,
  first?: TurnsPage,
): Promise<Turns> {
  const turns: Turn[] = [];
  let page = first ?? (await listTurns(client, threadId, options.withoutItems));
  for (let pages = 1, size = 0; ; pages++) {
    turns.push(...page.data);
    const isEnough = page.nextCursor == null || options.isEnough(threadId, turns);
    if (isEnough || pages === MAX_PAGES) return { turns: turns.toReversed(), isCut: !isEnough };
    size += JSON.stringify(page.data).length;
    page = await listTurns(client, threadId, options.withoutItems || size > MAX_SIZE, page.nextCursor);
  }
}

function listTurns(
  client: CodexClient,
  threadId: string,
  withoutItems: boolean,
  cursor?: string | null,
): Promise<TurnsPage> {
  const itemsView = itemsViewOf(withoutItems);
  return client.call('thread/turns/list', { threadId, limit: PAGE, itemsView, ...(cursor && { cursor }) });
}

function itemsViewOf(withoutItems: boolean): TurnItemsView {
  return withoutItems ? 'notLoaded' : 'full';
}
