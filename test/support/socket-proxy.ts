import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocketTransport } from '../../src/rpc/websocket.ts';
import { type StartedConversation, type StartOptions, startCodex } from './codex.ts';
import { testDirectory } from './directories.ts';

/** Stands between us and a unix socket, and breaks the connection in the ways that connections break. */
export interface SocketProxy {
  /** Connects through it. */
  connect(options?: { maxMessageBytes?: number }): Promise<WebSocketTransport>;
  /** How many connections there have been. */
  connections(): number;
  /** How many there are now. */
  open(): number;
  /** What is sent to the server is lost from now on, until the connection is cut. Resolves with the first loss. */
  loseRequests(): Promise<void>;
  /** What the server sends is lost from now on, until the connection is cut. */
  loseReplies(): void;
  /** Ends every connection at once, without a word. */
  cut(): void;
}

/** A proxy for one test, before this socket. It listens in a directory of its own unless told where. */
export async function startSocketProxy(
  socketPath: string,
  path = join(testDirectory('proxy'), 'socket'),
): Promise<SocketProxy> {
  const open = new Set<Socket>();
  let count = 0;
  let lost: { requests: boolean; replies: boolean } = { requests: false, replies: false };
  let firstLoss = Promise.withResolvers<void>();
  const server = createServer((client) => {
    count++;
    if (!existsSync(socketPath)) {
      client.destroy();
      return;
    }
    const upstream = connect(realpathSync(socketPath));
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {});
    }
    client.on('data', (chunk) => {
      if (lost.requests) firstLoss.resolve();
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => void (lost.replies || client.write(chunk)));
    const end = () => {
      for (const socket of [client, upstream]) {
        open.delete(socket);
        socket.destroy();
      }
    };
    client.on('close', end);
    upstream.on('close', end);
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
    lost = { requests: false, replies: false };
  };
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    cut();
  });
  return {
    connect: (options = {}) => WebSocketTransport.connect({ url: `ws+unix:${path}:/`, ...options }),
    connections: () => count,
    open: () => open.size / 2,
    loseRequests: () => {
      lost.requests = true;
      firstLoss = Promise.withResolvers();
      return firstLoss.promise;
    },
    loseReplies: () => {
      lost.replies = true;
    },
    cut,
  };
}

/** A conversation whose connection can be broken, and which has had no turn yet. */
export async function openBehindProxy(
  options: StartOptions = {},
  limits: { maxMessageBytes?: number } = {},
): Promise<StartedConversation & { proxy: SocketProxy }> {
  const started = await startCodex({ ...options, over: 'socket', isRaw: true });
  const proxy = await startSocketProxy(join(started.home, 'app-server.sock'));
  const connect = () => proxy.connect(limits);
  started.conversation.attach({ ...started.codex.link, transport: await connect(), reconnect: connect });
  const reader = started.conversation.runReader();
  await started.conversation.bootstrap();
  return { ...started, reader, proxy };
}

/** The same, which has had its first turn. */
export async function startBehindProxy(
  ...options: Parameters<typeof openBehindProxy>
): Promise<StartedConversation & { proxy: SocketProxy }> {
  const started = await openBehindProxy(...options);
  await (await started.conversation.send('!say the first')).completed;
  return started;
}
