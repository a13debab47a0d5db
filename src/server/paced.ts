import type { ServerResponse } from 'node:http';
import { OptioError } from '../errors.ts';

/** How much is written in one piece. What waits for a reader is this, and what his socket takes in. */
const PIECE_BYTES = 64 * 1024;
/** How long a reader may take nothing of what waits for him, in milliseconds. */
export const STALL_MS = 10_000;

/**
 * Writes an answer at the pace of whoever reads it, and ends it. A reader who takes nothing for so long, in milliseconds, is
 * let go, so that he keeps nothing in memory: throws `overloaded` then, and ends quietly where he has left by himself.
 */
export async function writePaced(
  outgoing: ServerResponse,
  pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  stallMs: number,
): Promise<void> {
  for await (const piece of pieces) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(piece)) await taken(outgoing, 'drain', stallMs);
  }
  outgoing.end();
  await taken(outgoing, 'finish', stallMs);
}

/** A body that is there already, in pieces. */
export function* piecesOf(body: Buffer): Iterable<Buffer> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

/** For an answer that was written whole: lets go of a reader who has not taken it in this time, in milliseconds. */
export function endWithin(outgoing: ServerResponse, ms: number): void {
  if (!outgoing.writableEnded || outgoing.writableFinished || outgoing.destroyed) return;
  const timer = setTimeout(() => outgoing.destroy(), ms);
  for (const event of ['finish', 'close']) outgoing.once(event, () => clearTimeout(timer));
}

/** Resolves when the reader has taken what waits for him, or is gone. */
async function taken(outgoing: ServerResponse, event: 'drain' | 'finish', ms: number): Promise<void> {
  if (outgoing.destroyed || (event === 'finish' && outgoing.writableFinished)) return;
  const over = Promise.withResolvers<boolean>();
  const isTaken = () => over.resolve(true);
  const timer = setTimeout(() => over.resolve(false), ms);
  outgoing.once(event, isTaken).once('close', isTaken);
  const inTime = await over.promise;
  clearTimeout(timer);
  outgoing.off(event, isTaken).off('close', isTaken);
  if (inTime) return;
  outgoing.destroy();
  throw new OptioError('overloaded', `the reader has not taken what waits for it in ${ms / 1000} s`);
}
