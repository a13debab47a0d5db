import { WebSocket } from 'ws';
import { OptioError } from '../errors.ts';
import { MAX_MESSAGE_BYTES, type Transport, type TransportReceiver } from './transport.ts';

/** Codex drops a connection whose frame is larger than 16 MiB; it takes one message in many frames. */
const FRAME_BYTES = 4 * 1024 * 1024;
/** Codex drops a connection whose message is larger than 64 MiB, without a word. */
const MAX_SENT_BYTES = 64 * 1024 * 1024;
const HANDSHAKE_MS = 30_000;

export interface WebSocketTransportOptions {
  /** `ws://…`, or `ws+unix:/path/to/socket:/` for a unix socket. */
  readonly url: string;
  /** Longest message to take, in bytes; a longer one ends the connection (256 MiB unless told otherwise). */
  readonly maxMessageBytes?: number;
  /** How long the handshake may take, in milliseconds (30,000). */
  readonly deadlineMs?: number;
  /** Gives up connecting; `connect` then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** Whether `connect` failed since the peer took the connection and said nothing. */
export function isUnanswered(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error && cause.message === 'Opening handshake has timed out'; // `ws` has no code for it
}

/** One message in each text message of a WebSocket. Make it with `connect`. */
export class WebSocketTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #maxBytes: number;
  #failure: Error | undefined;

  private constructor(socket: WebSocket, maxBytes: number) {
    this.#socket = socket;
    this.#maxBytes = maxBytes;
    // From the beginning: an end before `start` must not look like a clean one.
    socket.on('error', (error) => {
      this.#failure ??= error;
    });
    socket.once('close', (code, reason) => {
      if (code === 1000 || code === 1005) return;
      const why = reason.length > 0 ? `: ${reason.toString('utf8')}` : '';
      this.#failure ??= new OptioError(
        'connection-closed',
        `the peer dropped the connection (close code ${code}${why})`,
      );
    });
  }

  /** Opens the connection. Rejects with `connection-closed` when nobody answers or the handshake fails. */
  static async connect(options: WebSocketTransportOptions): Promise<WebSocketTransport> {
    options.signal?.throwIfAborted();
    const maxBytes = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
    // The compression that `ws` offers by itself makes Codex 0.142 refuse the handshake.
    const socket = new WebSocket(options.url, {
      perMessageDeflate: false,
      maxPayload: maxBytes,
      handshakeTimeout: options.deadlineMs ?? HANDSHAKE_MS,
    });
    const abort = () => socket.terminate();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('open', () => {
          socket.pause(); // what arrives before `start` must wait for it
          resolve();
        });
        socket.once('error', reject);
      });
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new OptioError('connection-closed', `cannot connect to ${options.url}: ${(cause as Error).message}`, {
        cause,
      });
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
    return new WebSocketTransport(socket, maxBytes);
  }

  start(receiver: TransportReceiver): void {
    this.#socket.on('message', (data: Buffer) => receiver.onMessage(data.toString('utf8'), data.length));
    this.#socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') receiver.onOversized(this.#maxBytes);
    });
    this.#socket.once('close', () => receiver.onClose(this.#failure));
    this.#socket.resume();
    if (this.#socket.readyState === WebSocket.CLOSED) queueMicrotask(() => receiver.onClose(this.#failure));
  }

  async send(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length > MAX_SENT_BYTES) {
      throw new OptioError(
        'message-too-large',
        `a message of ${bytes.length} bytes is more than Codex takes (64 MiB)`,
        {
          remedy: 'Put large input into a file in the workspace and name the file instead.',
        },
      );
    }
    if (this.#socket.readyState !== WebSocket.OPEN) {
      throw new OptioError('connection-closed', 'the connection to the peer is closed');
    }
    await this.#sendFrames(bytes);
  }

  ping(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('pong', () => resolve());
      this.#socket.ping(undefined, undefined, (error?: Error) => error && reject(error));
    });
  }

  close(): void {
    this.#socket.close();
    // A peer that never answers the closing handshake must not keep us.
    setTimeout(() => this.#socket.terminate(), 1_000).unref();
  }

  /** All frames are queued in one go, so that no other message gets in between. */
  async #sendFrames(bytes: Buffer): Promise<void> {
    const frames: Promise<void>[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += FRAME_BYTES) {
      const frame = bytes.subarray(at, at + FRAME_BYTES);
      const fin = at + FRAME_BYTES >= bytes.length;
      frames.push(
        new Promise((resolve, reject) => {
          this.#socket.send(frame, { binary: false, fin }, (error) => (error ? reject(error) : resolve()));
        }),
      );
    }
    await Promise.all(frames);
  }
}
