import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { WebSocketTransport } from '../../src/rpc/websocket.ts';
import { testDirectory } from './directories.ts';

/** A connection as the server has it. */
interface ServedConnection {
  readonly socket: WebSocket;
  /** What the client asked for in its handshake. */
  readonly request: IncomingMessage;
  /** Messages that came, whole. */
  readonly messages: string[];
  /** The size of each frame that came, as it was on the wire. */
  readonly frameSizes: number[];
}

export interface TestServer {
  readonly url: string;
  /** The next connection, once it is there. */
  readonly connected: Promise<ServedConnection>;
}

/** A real server for one test, on a unix socket. `greet` is called before anything else can happen. */
export async function startWebSocketServer(greet: (socket: WebSocket) => void = () => {}): Promise<TestServer> {
  const path = join(testDirectory('websocket'), 'socket');
  const http = createServer();
  // It would compress if it were asked to; codex refuses who asks.
  const server = new WebSocketServer({ server: http, maxPayload: 128 * 1024 * 1024, perMessageDeflate: true });
  const connected = new Promise<ServedConnection>((resolve) => {
    server.on('connection', (socket, request) => {
      const served: ServedConnection = { socket, request, messages: [], frameSizes: [] };
      const meter = new FrameMeter(served.frameSizes);
      request.socket.on('data', (chunk: Buffer) => meter.push(chunk));
      socket.on('message', (data: Buffer) => served.messages.push(data.toString('utf8')));
      socket.on('error', () => {});
      greet(socket);
      resolve(served);
    });
  });
  http.listen(path);
  await once(http, 'listening');
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    http.close();
  });
  return { url: `ws+unix:${path}:/`, connected };
}

/** A real server, and a transport that is connected to it. */
export async function connectWebSocket(options: { maxMessageBytes?: number } = {}) {
  const server = await startWebSocketServer();
  const transport = await WebSocketTransport.connect({ url: server.url, ...options });
  onTestFinished(() => transport.close());
  return { transport, served: await server.connected };
}

/** Measures the data frames of a client in the bytes of its connection (RFC 6455, 5.2). */
class FrameMeter {
  readonly #sizes: number[];
  #header = Buffer.alloc(0);
  #payloadLeft = 0;

  constructor(sizes: number[]) {
    this.#sizes = sizes;
  }

  push(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0; ) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, rest.length);
        this.#payloadLeft -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      this.#header = Buffer.concat([this.#header, rest.subarray(0, 1)]);
      rest = rest.subarray(1);
      this.#readHeader();
    }
  }

  #readHeader(): void {
    const [first = 0, second = 0] = this.#header;
    const short = second & 0x7f;
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    const maskBytes = second & 0x80 ? 4 : 0;
    if (this.#header.length < 2 || this.#header.length < 2 + lengthBytes + maskBytes) return;
    const size =
      lengthBytes > 0 ? this.#header.readUIntBE(2 + Math.max(0, lengthBytes - 6), Math.min(6, lengthBytes)) : short;
    const isData = (first & 0x0f) <= 2;
    if (isData) this.#sizes.push(size);
    this.#payloadLeft = size;
    this.#header = Buffer.alloc(0);
  }
}
