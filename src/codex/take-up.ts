import { setTimeout as delay } from 'node:timers/promises';
import type { CodexClient } from './client.ts';
import { checkProfile, type HandshakeOptions, introduce, resumeParams } from './handshake.ts';
import type { Turn } from './protocol/v2/Turn.ts';
import type { TurnItemsView } from './protocol/v2/TurnItemsView.ts';

/** How many turns may have gone on while a connection was lost; the newest are looked at. */
const PAGE = 10;
/** How long what Codex shows of a fresh turn may be wrong, in milliseconds. */
const SETTLING_MS = 2_000;

/**
 * Takes a thread up again over a new connection to the same process, and gives its newest turns, oldest first. A
 * history may hold what no message can bring: `withoutItems` asks for nothing but how the turns stand.
 * Throws `sandbox-changed` when the profile in force is not the expected one.
 */
export async function takeUpThread(
  client: CodexClient,
  threadId: string,
  options: HandshakeOptions,
  withoutItems: boolean,
): Promise<readonly Turn[]> {
  await introduce(client, options);
  const itemsView = withoutItems ? 'notLoaded' : 'full';
  const resumed = await client.call('thread/resume', {
    ...resumeParams(threadId, options),
    ...((options.experimentalApi || withoutItems) && { excludeTurns: true }),
    ...(options.experimentalApi && { initialTurnsPage: { limit: PAGE, itemsView } }),
  });
  checkProfile(options.expectProfile, resumed.activePermissionProfile?.id);
  if (resumed.initialTurnsPage) return resumed.initialTurnsPage.data.toReversed();
  if (!withoutItems || resumed.thread.turns.length > 0) return resumed.thread.turns;
  return newestTurns(client, threadId, itemsView);
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

/** Oldest first. */
async function newestTurns(client: CodexClient, threadId: string, itemsView: TurnItemsView): Promise<readonly Turn[]> {
  const { data } = await client.call('thread/turns/list', { threadId, limit: PAGE, itemsView });
  return data.toReversed();
}
