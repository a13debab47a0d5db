import type { Readable, Writable } from 'node:stream';
import { OptioError } from '../errors.ts';
import { MAX_MESSAGE_BYTES, type Transport, type TransportReceiver } from './transport.ts';

const NEWLINE = 0x0a;

export interface LineTransportOptions {
  /** Where the peer's lines come from. */
  readonly input: Readable;
  /** Where our lines go. */
  readonly output: Writable;
  /** Longest line to take, in bytes; a longer one is skipped and told (256 MiB unless told otherwise). */
  readonly maxMessageBytes?: number;
}

/** Newline-delimited messages over two streams, such as the standard streams of a child process. */
export class LineTransport implements Transport {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #read: (chunk: Buffer | string) => void;
  #receiver: TransportReceiver | undefined;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(options: LineTransportOptions) {
    this.#input = options.input;
    this.#output = options.output;
    const splitter = new LineSplitter(options.maxMessageBytes ?? MAX_MESSAGE_BYTES, {
      onMessage: (text, bytes) => this.#receiver?.onMessage(text, bytes),
      onOversized: (bytes) => this.#receiver?.onOversized(bytes),
    });
    this.#read = (chunk) => splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    // Without a listener a broken pipe would end our process.
    this.#output.on('error', (error) => this.#finish(error));
    this.#input.on('error', (error) => this.#finish(error));
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.#input.on('data', this.#read);
    this.#input.once('end', () => this.#finish(undefined));
    this.#input.once('close', () => this.#finish(undefined));
    if (this.#end || this.#input.destroyed) queueMicrotask(() => this.#finish(undefined));
  }

  send(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#end || !this.#output.writable) {
        reject(new OptioError('connection-closed', 'the stream to the peer is closed'));
        return;
      }
      this.#output.write(`${text}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends our side of the conversation; a peer that reads to the end of its input then stops by itself. */
  close(): void {
    this.#output.end();
    this.#finish(undefined);
  }

  /** The first end counts; it is told once there is a receiver. */
  #finish(error: Error | undefined): void {
    this.#end ??= { error };
    const receiver = this.#receiver;
    if (!receiver) return;
    this.#receiver = undefined;
    this.#input.off('data', this.#read).resume(); // keep draining, or a peer that still talks would block
    receiver.onClose(this.#end.error);
  }
}

/** Takes what a line holds. */
type LineReceiver = Pick<TransportReceiver, 'onMessage' | 'onOversized'>;

/** Cuts chunks into lines. Pieces of an unfinished line wait in a list and are joined once, when it ends. */
class LineSplitter {
  readonly #limit: number;
  readonly #receiver: LineReceiver;
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  constructor(limit: number, receiver: LineReceiver) {
    this.#limit = limit;
    this.#receiver = receiver;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (this.#pieceBytes > 0) this.#finish(chunk.subarray(start, end));
      else if (end - start > this.#limit) this.#receiver.onOversized(end - start);
      else if (end > start) this.#receiver.onMessage(chunk.toString('utf8', start, end), end - start);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #keep(piece: Buffer): void {
    this.#pieceBytes += piece.length;
    if (this.#pieceBytes <= this.#limit) this.#pieces.push(piece);
    else this.#pieces = []; // beyond the limit only the size is still counted
  }

  #finish(last: Buffer): void {
    this.#keep(last);
    const bytes = this.#pieceBytes;
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#pieceBytes = 0;
    if (bytes > this.#limit) this.#receiver.onOversized(bytes);
    else this.#receiver.onMessage(Buffer.concat(pieces, bytes).toString('utf8'), bytes);
  }
}
