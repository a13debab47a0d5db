import type { CodexLink } from './attachment.ts';
import type { CodexClient, CodexNotification } from './client.ts';
import type { HandshakeOptions } from './handshake.ts';
import type { Thread } from './protocol/v2/Thread.ts';
import type { ThreadResumeResponse } from './protocol/v2/ThreadResumeResponse.ts';
import type { Turn } from './protocol/v2/Turn.ts';
import { storedUsage, USAGE_BYTES } from './stored-usage.ts';
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

export interface CatchUpOptions {
  readonly threadId: string;
  readonly settings: HandshakeOptions;
  readonly known: ToldThreads;
  /** A history may hold what no message can bring: asks for nothing but how the turns stand. */
  readonly withoutItems?: boolean;
  readonly readEnd: NonNullable<CodexLink['readEnd']>;
}

/** Takes a thread up over a new connection, and finds out what was missed. Throws `sandbox-changed`. */
export async function catchUp(
  client: CodexClient,
  { threadId, settings, known, withoutItems = false, readEnd }: CatchUpOptions,
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
  const [newest] = known.unfinished(threadId, own).slice(-1);
  const usage = newest && (await missedUsage(response.thread, newest.id, readEnd));
  if (usage) {
    const end = missed.findLastIndex(({ method, params }) => isEndOf(threadId, method, params));
    missed.splice(end < 0 ? missed.length : end, 0, usage);
  }
  return { response, turns: own, told, missed, isCut };
}

/** What the thread has used by now, as Codex would have told it in this turn. */
async function missedUsage(
  { id, path }: Thread,
  turnId: string,
  readEnd: CatchUpOptions['readEnd'],
): Promise<CodexNotification | undefined> {
  const tokenUsage = path && storedUsage((await readEnd(path, USAGE_BYTES)) ?? '');
  return tokenUsage ? { method: 'thread/tokenUsage/updated', params: { threadId: id, turnId, tokenUsage } } : undefined;
}

function isEndOf(threadId: string, method: string, params: unknown): boolean {
  return method === 'turn/completed' && (params as { readonly threadId: string }).threadId === threadId;
}
