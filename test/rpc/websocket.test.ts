import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketTransport } from '../../src/rpc/websocket.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';
import { collect } from '../support/receiver.ts';
import { connectWebSocket, startWebSocketServer } from '../support/websocket-server.ts';

const MIB = 1024 * 1024;

/** A server that takes connections and never says a word. */
async function startSilentServer() {
  const path = join(testDirectory('silent'), 'socket');
  const server = createServer().listen(path);
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  onTestFinished(() => {
    server.close();
  });
  return { url: `ws+unix:${path}:/`, accepted };
}

describe('WebSocketTransport.connect', () => {
  it('offers no compression', async () => {
    const { served } = await connectWebSocket();
    expect(served.request.headers['sec-websocket-extensions']).toBeUndefined();
  });

  it('fails by name when nobody listens', async () => {
    const url = `ws+unix:${join(testDirectory(), 'nobody')}:/`;
    await expect(WebSocketTransport.connect({ url })).rejects.toMatchObject({
      code: 'connection-closed',
      message: expect.stringMatching(/nobody.*ENOENT/),
    });
  });

  it('gives up when the handshake takes too long', async () => {
    const { url } = await startSilentServer();
    await expect(WebSocketTransport.connect({ url, deadlineMs: 20 })).rejects.toMatchObject({
      code: 'connection-closed',
      message: expect.stringContaining('timed out'),
    });
  });

  it('rejects with the reason of an abort during the handshake', async () => {
    const { url, accepted } = await startSilentServer();
    const abort = new AbortController();
    const connecting = WebSocketTransport.connect({ url, signal: abort.signal });
    const [socket] = await accepted;
    const gone = once(socket.resume(), 'close');
    abort.abort(new Error('changed my mind'));
    await expect(connecting).rejects.toThrow('changed my mind');
    await gone;
  });

  it('does not begin after an abort', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(WebSocketTransport.connect({ url: 'ws+unix:/nowhere:/', signal })).rejects.toThrow('too late');
  });

  it('is not ended by an abort that comes after it', async () => {
    const server = await startWebSocketServer();
    const abort = new AbortController();
    const transport = await WebSocketTransport.connect({ url: server.url, signal: abort.signal });
    onTestFinished(() => transport.close());
    abort.abort();
    await transport.send('"still here"');
    const served = await server.connected;
    await until(() => served.messages.length > 0);
    expect(served.messages).toEqual(['"still here"']);
  });
});

describe('WebSocketTransport, sending', () => {
  it('cuts a large message into frames that codex takes, and it arrives as one', async () => {
    const { transport, served } = await connectWebSocket();
    const text = `"${'ä€𝄞x'.repeat(Math.ceil((17 * MIB) / 10))}"`;
    await transport.send(text);
    await until(() => served.messages.length > 0);
    expect(served.messages).toHaveLength(1);
    expect(served.messages[0] === text).toBe(true);
    expect(served.frameSizes).toHaveLength(5);
    expect(Math.max(...served.frameSizes)).toBeLessThanOrEqual(16 * MIB);
    expect(served.frameSizes.reduce((sum, size) => sum + size, 0)).toBe(Buffer.byteLength(text));
  });

  it('sends a small message in one frame, an empty one too', async () => {
    const { transport, served } = await connectWebSocket();
    await transport.send('{}');
    await transport.send('');
    await until(() => served.messages.length === 2);
    expect(served.messages).toEqual(['{}', '']);
    expect(served.frameSizes).toEqual([2, 0]);
  });

  it('sends the largest message that codex takes', async () => {
    const { transport, served } = await connectWebSocket();
    await transport.send('x'.repeat(64 * MIB));
    await until(() => served.messages.length > 0);
    expect(served.messages[0]).toHaveLength(64 * MIB);
  });

  it('refuses a larger one with a remedy, and goes on', async () => {
    const { transport, served } = await connectWebSocket();
    await expect(transport.send('x'.repeat(64 * MIB + 1))).rejects.toMatchObject({
      code: 'message-too-large',
      remedy: expect.stringContaining('file'),
    });
    await transport.send('"after"');
    await until(() => served.messages.length > 0);
    expect(served.messages).toEqual(['"after"']);
  });

  it('keeps the order of a large and a small message that are sent at once', async () => {
    const { transport, served } = await connectWebSocket();
    const large = 'x'.repeat(9 * MIB);
    await Promise.all([transport.send('1'), transport.send(large), transport.send('2')]);
    await until(() => served.messages.length === 3);
    expect(served.messages.map((text) => text.length)).toEqual([1, large.length, 1]);
    expect([served.messages[0], served.messages[2]]).toEqual(['1', '2']);
  });

  it('is refused after the end', async () => {
    const { transport } = await connectWebSocket();
    const seen = collect(transport);
    transport.close();
    await seen.closed;
    await expect(transport.send('late')).rejects.toMatchObject({ code: 'connection-closed' });
  });
});
