import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { OptioError } from '../errors.ts';
import { inTime } from './in-time.ts';
import { WholeLines } from './whole-lines.ts';

/** How long a frame may be, in characters, and a line of it in bytes: a list of very many runs is told in one. */
const MAX_FRAME = 64 * 1024 * 1024;

/** How much is taken apart at once, in bytes: whoever reads may do something else in between. */
const PIECE = 128 * 1024;

export interface FramesOptions {
  /** Without any sign of life for so long it counts as lost, in milliseconds. */
  readonly silenceMs: number;
}

/**
 * The frames of server-sent events, those that come in one piece together: nothing is read before what was read is taken.
 * Throws what is thrown when the connection is lost, `TimeoutError` for silence, and `message-too-large`.
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  { silenceMs }: FramesOptions,
): AsyncGenerator<readonly EventSourceMessage[], void> {
  const reader = body.getReader();
  const lines = new WholeLines();
  const frames: EventSourceMessage[] = [];
  let broken: Error | undefined;
  const parser = createParser({
    onEvent: (frame) => void frames.push(frame),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') broken = error;
    },
    maxBufferSize: MAX_FRAME,
  });
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), silenceMs);
      if (done) return;
      for (let at = 0; at < value.length; at += PIECE) {
        parser.feed(lines.take(value.subarray(at, at + PIECE)));
        if (frames.length > 0) yield frames.splice(0);
        if (broken || lines.waiting > MAX_FRAME) throw tooLarge(broken);
      }
    }
  } finally {
    void reader.cancel().catch(() => {}); // it is gone already
  }
}

function tooLarge(cause: Error | undefined): OptioError {
  return new OptioError('message-too-large', `the server sent an event of more than ${MAX_FRAME / 1024 / 1024} MB`, {
    cause,
    remedy: 'Ask for less at once: filter the runs.',
  });
}
