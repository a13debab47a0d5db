import type { CodexClient, CodexNotification } from './client.ts';
import type { HandshakeOptions } from './handshake.ts';
import type { ThreadResumeResponse } from './protocol/v2/ThreadResumeResponse.ts';
import type { Turn } from './protocol/v2/Turn.ts';
import { lookAgain, takeUpThreads } from './take-up.ts';
import type { ToldThreads } from './told-threads.ts';

/** A thread and its sub-agents that tell us again what happens, and what they did not tell meanwhile. */
export interface CaughtUp {
  readonly response: ThreadResumeResponse;
  /** The newest turns of the thread itself, oldest first. */
  readonly turns: readonly Turn[];
  /** What was told of turns that had not ended, as far as we knew. */
  readonly told: readonly CodexNotification[];
  /** What Codex would have told since, had there been anybody to tell. */
  readonly missed: readonly CodexNotification[];
  /** So many turns went by that the oldest of them are not among it. */
  readonly isCut: boolean;
}

/**
 * Takes a thread up over a new connection, and finds out what was missed. `withoutItems`: a history may hold what no
 * message can bring, so it asks for nothing but how the turns stand. Throws `sandbox-changed`.
 */
export async function catchUp(
  client: CodexClient,
  threadId: string,
  settings: HandshakeOptions,
  known: ToldThreads,
  withoutItems = false,
): Promise<CaughtUp> {
  const look = { withoutItems, isEnough: known.reaches.bind(known) };
  const { response, threads } = await takeUpThreads(client, threadId, { ...settings, ...look });
  const told: CodexNotification[] = [];
  const missed: CodexNotification[] = [];
  let isCut = false;
  let own: readonly Turn[] = [];
  for (const taken of threads) {
    const { threadId: id } = taken;
    const isDoubtful = known.unfinished(id, taken.turns).some(({ status }) => status === 'interrupted');
    const seen = isDoubtful ? await lookAgain(client, id, look) : taken;
    told.push(...known.toldBefore(id, seen.turns));
    missed.push(...known.missed(id, seen.turns));
    isCut ||= seen.isCut;
    if (id === threadId) own = seen.turns;
  }
  return { response, turns: own, told, missed, isCut };
}
