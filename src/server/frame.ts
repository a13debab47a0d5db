import type { RunEvent } from '../contract/event.ts';

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

/** Any piece of data; `name` sets it apart from what the stream is for. */
export function frameOf(data: unknown, name?: string): Buffer {
  return Buffer.from(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
}

/** Says nothing, and shows that the connection is alive. */
export const HEARTBEAT = Buffer.from(':\n\n');
