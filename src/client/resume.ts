import type { EventSourceMessage } from 'eventsource-parser';
import { ERROR_CODES, type ErrorCode, OptioError } from '../errors.ts';
import type { Connection, Outgoing } from './connection.ts';
import { readFrames } from './frames.ts';
import { inTime } from './in-time.ts';
import type { Patience } from './patience.ts';
import { strange } from './problem.ts';
import { Setback } from './setback.ts';

/** A stream that has held for so long was no attempt in vain, in milliseconds. */
const STEADY_MS = 5_000;

export interface Resumable {
  /** What to ask for, each time anew: for what comes after the last thing that was taken. */
  ask(): Outgoing;
  readonly patience: Patience;
  /** Aborted when its reader has left. */
  readonly left: AbortSignal;
}

/**
 * What a stream of server-sent events tells, over as many connections as it takes, until the server says that it is at its
 * end. Throws `server-unreachable` when nobody answers for too long, and what the server says to being asked.
 */
export async function* resume<T>(connection: Connection, { ask, patience, left }: Resumable): AsyncGenerator<T, void> {
  while (!left.aborted) {
    let setback: Setback;
    const { age } = connection;
    const begunAt = performance.now();
    try {
      for await (const frames of framesOf(connection, ask(), left)) {
        for (const { event, data } of frames) {
          if (event === 'end') return;
          if (event === 'cut') throw toSetback(data);
          if (event === undefined) yield jsonOf(data) as T; // others are of a newer server
        }
      }
      throw connection.lost(new Error('it ended in the middle of a stream'));
    } catch (thrown) {
      if (left.aborted) return;
      if (!(thrown instanceof Setback)) throw thrown;
      setback = thrown;
    }
    if (performance.now() - begunAt > STEADY_MS) patience.restart();
    await patience.wait(setback);
    await connection.renew(setback, age);
  }
}

/** The frames of one connection. */
async function* framesOf(
  connection: Connection,
  outgoing: Outgoing,
  left: AbortSignal,
): AsyncGenerator<readonly EventSourceMessage[], void> {
  const { silenceMs } = connection;
  const over = new AbortController();
  try {
    await connection.understand();
    const signal = AbortSignal.any([left, over.signal]);
    const headers = { ...outgoing.headers, accept: 'text/event-stream' };
    const response = await inTime(connection.send({ ...outgoing, headers, signal }), silenceMs);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (!isStream || !response.body) throw strange(response);
    yield* readFrames(response.body, { silenceMs });
  } catch (thrown) {
    throw connection.lost(thrown);
  } finally {
    over.abort();
  }
}

/** Why the server has cut a reader off. It may come back: nothing is lost. */
function toSetback(data: string): Setback {
  const { code, message } = jsonOf(data) as { readonly code?: unknown; readonly message?: unknown };
  const known = ERROR_CODES.find((one) => one === code) ?? ('overloaded' satisfies ErrorCode);
  const details = known === 'overloaded' ? { remedy: 'Read faster, or read less at once.' } : {};
  const what = typeof message === 'string' ? message : 'the server has cut this reader off';
  const error = new OptioError(known, what, details);
  return new Setback(error, { perhapsDone: false, isLost: known !== 'overloaded' });
}

function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (thrown) {
    throw new OptioError('internal', 'the server sent an event that is no JSON', { cause: thrown });
  }
}
