import type { RunEvent } from '../contract/event.ts';
import { jsonOfUpdate } from '../contract/journal-piece.ts';
import type { RunUpdate } from '../contract/run-update.ts';

const DATA = Buffer.from('data: ');
const END = Buffer.from('\n\n');

/** Keeps nothing alive: the frame of an event goes with the event. */
const frames = new WeakMap<RunEvent, Buffer>();

/** An event of a journal as it stands in a stream; made once for all who read it. */
export function frameOfEvent(event: RunEvent): Buffer {
  let frame = frames.get(event);
  if (!frame) {
    frame = Buffer.from(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
    frames.set(event, frame);
  }
  return frame;
}

/** The pieces of this turn of the event loop, by their first frame: readers of a run are woken together. */
const pieces = new Map<
  Buffer,
  { readonly frames: number; readonly last: Buffer | undefined; readonly piece: Buffer }
>();

/** Frames in one piece; made once for all readers of a run who are at the same place. */
export function join(frames: readonly [Buffer, ...Buffer[]]): Buffer {
  const [first] = frames;
  const last = frames.at(-1);
  if (first === last) return first;
  const made = pieces.get(first);
  if (made?.frames === frames.length && made.last === last) return made.piece;
  if (pieces.size === 0) setImmediate(() => pieces.clear());
  const piece = Buffer.concat(frames);
  pieces.set(first, { frames: frames.length, last, piece });
  return piece;
}

/** What changes in a list of runs. */
export function frameOfUpdate(update: RunUpdate): Buffer {
  return Buffer.concat([DATA, ...jsonOfUpdate(update), END]);
}

/** Any piece of data; `name` sets it apart from what the stream is for. */
export function frameOf(data: unknown, name?: string): Buffer {
  return Buffer.from(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
}

/** Says nothing, and shows that the connection is alive. */
export const HEARTBEAT = Buffer.from(':\n\n');
