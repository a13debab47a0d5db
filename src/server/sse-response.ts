import type { ServerResponse } from 'node:http';
import type { ErrorCode, OptioError } from '../errors.ts';
import { frameOf, HEARTBEAT, join } from './frame.ts';

export interface StreamOptions {
  /** Aborted when the server closes: readers are told, and come back. */
  readonly closing?: AbortSignal;
  /** A comment is sent when nothing else was for so long, in milliseconds (15,000). */
  readonly heartbeatMs?: number;
  /** A reader that has not taken what waits for it in this time, in milliseconds, is cut off (10,000). */
  readonly stallMs?: number;
  /** Told how it has ended. */
  readonly onEnd?: (end: StreamEnd) => void;
}

/** How a stream came to its end: all was told, the reader has left, or it was cut off, and why. */
export type StreamEnd = { readonly how: 'told' | 'left' } | { readonly how: 'cut'; readonly code: ErrorCode };

/** How much is written in one piece. Together with what a socket takes in before it is full, this is all that waits for a reader. */
const PIECE_BYTES = 64 * 1024;

/**
 * Server-sent events over one response of Node's. What comes in one go is written in one piece; whoever writes looks whether
 * the reader takes it (`isFull`, `drained`), so that a slow one has little waiting here and holds up nobody.
 */
export class SseResponse {
  readonly #response: ServerResponse;
  readonly #stallMs: number;
  readonly #onEnd: StreamOptions['onEnd'];
  readonly #heartbeat: NodeJS.Timeout;
  readonly #gone = new AbortController();
  readonly #ended = Promise.withResolvers<StreamEnd>();
  readonly #frames: Buffer[] = [];
  #bytes = 0;
  #flush: NodeJS.Immediate | undefined;
  #after: number | undefined;
  #stall: NodeJS.Timeout | undefined;
  #drained: PromiseWithResolvers<void> | undefined;
  #end: StreamEnd = { how: 'left' };
  #stopListening = () => {};

  constructor(response: ServerResponse, options: StreamOptions = {}) {
    const { closing, heartbeatMs = 15_000, stallMs = 10_000, onEnd } = options;
    this.#onEnd = onEnd;
    this.#response = response;
    this.#stallMs = stallMs;
    this.#heartbeat = setInterval(() => this.#write(HEARTBEAT), heartbeatMs);
    response.on('drain', () => this.#onDrain());
    response.on('error', () => {}); // `close` follows, and says all there is to say
    response.once('close', () => this.#onClose());
    if (response.destroyed) {
      this.#onClose();
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no', // or a proxy would keep events until it has many
    });
    response.flushHeaders();
    const stop = () => this.cut('aborted', 'the server is stopping');
    closing?.addEventListener('abort', stop, { once: true });
    this.#stopListening = () => closing?.removeEventListener('abort', stop);
    if (closing?.aborted) stop();
  }

  /** Aborted when nobody reads any more, or nothing more is to be told. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Settles when the response is over. */
  get ended(): Promise<StreamEnd> {
    return this.#ended.promise;
  }

  /** The reader has to take what waits for it before there is more. */
  get isFull(): boolean {
    return this.#drained !== undefined;
  }

  /** Tells something, with what is told in the same go. `seq`: the number after which the reader would go on. */
  write(frame: Buffer, seq?: number): void {
    if (this.#gone.signal.aborted) return;
    this.#after = seq ?? this.#after;
    this.#frames.push(frame);
    this.#bytes += frame.length;
    if (this.#bytes >= PIECE_BYTES) this.#writeFrames();
    else this.#flush ??= setImmediate(() => this.#writeFrames());
  }

  /** Resolves when the reader has taken what waits for it, or is gone; and after so many milliseconds at the latest. */
  async drained(withinMs?: number): Promise<void> {
    if (!this.#drained) return;
    const { promise } = this.#drained;
    if (withinMs === undefined) return promise;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([promise, late]);
    clearTimeout(timer);
  }

  /** All is told. */
  end(): void {
    this.#finish({ how: 'told' }, frameOf({}, 'end'));
  }

  /** Tells no more, and why; the reader may come back, and go on after the last that it has got. */
  cut(code: ErrorCode, message: string): void {
    const after = this.#after === undefined ? {} : { after: this.#after };
    this.#finish({ how: 'cut', code }, frameOf({ code, message, ...after }, 'cut'));
  }

  /** The same for what was thrown while it was told. */
  fail({ code, message }: OptioError): void {
    this.cut(code, code === 'internal' ? 'the server has made a mistake' : message);
  }

  #finish(end: StreamEnd, last: Buffer): void {
    if (this.#gone.signal.aborted) return;
    this.#writeFrames();
    this.#end = end;
    this.#response.end(last);
    this.#stop();
    // Whoever takes nothing will not take the end of it either.
    const destroy = setTimeout(() => this.#response.destroy(), this.#stallMs);
    this.#response.once('close', () => clearTimeout(destroy));
  }

  #writeFrames(): void {
    clearImmediate(this.#flush);
    this.#flush = undefined;
    const [first, ...more] = this.#frames.splice(0);
    if (!first) return;
    const piece = join([first, ...more]);
    this.#bytes = 0;
    this.#write(piece);
  }

  #write(piece: Buffer): void {
    if (this.#drained && piece === HEARTBEAT) return;
    this.#heartbeat.refresh();
    if (this.#response.write(piece) || this.#drained) return;
    this.#drained = Promise.withResolvers();
    const message = `the reader has not taken what waits for it in ${this.#stallMs / 1000} s`;
    this.#stall = setTimeout(() => this.cut('overloaded', message), this.#stallMs);
  }

  #onDrain(): void {
    clearTimeout(this.#stall);
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #onClose(): void {
    this.#stop();
    this.#onEnd?.(this.#end);
    this.#ended.resolve(this.#end);
  }

  #stop(): void {
    clearInterval(this.#heartbeat);
    clearImmediate(this.#flush);
    this.#stopListening();
    this.#onDrain();
    this.#gone.abort();
  }
}
