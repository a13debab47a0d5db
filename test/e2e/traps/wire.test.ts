import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { CodexProcess } from '../../../src/codex/launch.ts';
import { LineTransport } from '../../../src/rpc/lines.ts';
import { isUnanswered, WebSocketTransport } from '../../../src/rpc/websocket.ts';
import { endTurn, escalate, pause, say } from '../../../src/testing/index.ts';
import { joinBare, startBare, toBareClient } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, startConversation, type TestedBinary } from '../../support/codex.ts';
import { failureOf } from '../../support/failure.ts';
import { freeze, until } from '../../support/processes.ts';

const MIB = 1024 * 1024;
const socketOf = (home: string) => `ws+unix:${realpathSync(join(home, 'app-server.sock'))}:/`;
const introduction = (name: string) => ({ clientInfo: { name, title: 'bare', version: '1' } });

/** Writes so many calls in one go, as nobody does who counts what is not answered yet. */
function callAtOnce({ process }: CodexProcess, count: number): void {
  const calls = Array.from({ length: count }, (_, index) => ({ id: 1_001 + index, method: 'model/list', params: {} }));
  process.stdin?.write(calls.map((call) => `${JSON.stringify(call)}\n`).join(''));
}

describe.each(BINARIES)('the wire of codex $version', (binary) => {
  it('has requests that are numbered from 0, so that calls of ours have the same ids', async () => {
    const script = [escalate('true'), escalate('true'), say('done')];
    const { connection, requests, values, workspace, startThread, startTurn } = await startBare({ binary, script });
    await startTurn(await startThread({ cwd: workspace, approvalPolicy: 'on-request' }), 'go');
    for (const count of [1, 2]) {
      await until(() => requests.length === count, 'the request');
      await connection.respond(count - 1, { decision: 'decline' });
    }
    expect(requests.map(({ id }) => id)).toEqual([0, 1]);
    const ids = values.flatMap((value) => ('result' in (value as object) ? [(value as { id: number }).id] : []));
    expect(ids).toContain(1);
  });

  it('drops a connection at a frame of more than 16 MiB', async () => {
    const { home } = await startCodex({ binary, over: 'socket', isRaw: true });
    const socket = new WebSocket(socketOf(home), { perMessageDeflate: false });
    socket.on('error', () => {});
    await once(socket, 'open');
    socket.send(JSON.stringify({ id: 1, method: 'initialize', params: introduction('x'.repeat(17 * MIB)) }));
    const [code] = await once(socket, 'close');
    expect(code, 'no close frame, no word').toBe(1006);
  });

  it('refuses some of many calls as overloaded', async () => {
    const { codex, values } = await startBare({ binary });
    const answers = () => values.map((value) => value as { id?: number; error?: { code: number } });
    await until(async () => {
      callAtOnce(codex, 1_000);
      await until(() => answers().some(({ id }) => Number(id) > 1_000), 'an answer');
      return answers().some(({ error }) => error?.code === -32001);
    }, 'a refusal');
  });

  it('stops when nobody reads its stderr, which we do', async () => {
    const options = { binary, env: { RUST_LOG: 'trace' } };
    const { codex } = await startCodex({ ...options, isRaw: true });
    const { stdin, stdout, stderr } = codex.process;
    if (!stdin || !stdout || !stderr) throw new Error('codex has no streams');
    stderr.pause();
    const { connection } = toBareClient(new LineTransport({ input: stdout, output: stdin }));
    const unread = async () => {
      await connection.call('initialize', introduction('bare'), { deadlineMs: 3_000 });
      for (let times = 0; times < 1_000; times++) await connection.call('model/list', {}, { deadlineMs: 3_000 });
    };
    expect(await failureOf(unread())).toMatchObject({ code: 'call-timeout' });
    stderr.resume();
    await expect(connection.call('model/list', {})).resolves.toBeDefined();
    const { conversation } = await startConversation(options);
    for (let times = 0; times < 3; times++) {
      await expect((await conversation.send('!say fine')).completed).resolves.toMatchObject({ text: 'fine' });
    }
  });

  it('stays when codex is stopped, which takes new ones too and answers none; what was asked is answered afterwards', async () => {
    const { home, codex } = await startCodex({ binary, over: 'socket', isRaw: true });
    const { transport } = codex.link;
    const { connection } = toBareClient(transport);
    await transport.ping?.();
    await freeze(codex.process.identity.pid);
    const pong = transport.ping?.();
    const call = connection.call('initialize', introduction('bare'));
    const refused = await failureOf(WebSocketTransport.connect({ url: socketOf(home), deadlineMs: 300 }));
    expect(isUnanswered(refused), refused.message).toBe(true);
    process.kill(codex.process.identity.pid, 'SIGCONT');
    await pong;
    await expect(call).resolves.toBeDefined();
  });

  it('is gone without a word when codex is killed, and what is written then fails', async () => {
    const { conversation, codex, reader } = await startConversation({ binary });
    process.kill(codex.process.identity.pid, 'SIGKILL');
    expect(await failureOf(conversation.send('too late'))).toMatchObject({ code: 'conversation-closed' });
    await reader;
    expect(conversation.closed).toBe(true);
  });
});

describe('a message that is larger than a frame may be', () => {
  it('is taken when it comes in several frames, as ours do', async () => {
    const { codex } = await startCodex({ over: 'socket', isRaw: true });
    const { connection } = toBareClient(codex.link.transport);
    const call = connection.call('initialize', introduction('x'.repeat(17 * MIB)));
    await expect(call).resolves.toMatchObject({ platformOs: 'linux' });
  });

  it('ends the connection when all its frames together are more than 64 MiB', async () => {
    const { home } = await startCodex({ over: 'socket', isRaw: true });
    const socket = new WebSocket(socketOf(home), { perMessageDeflate: false });
    socket.on('error', () => {});
    await once(socket, 'open');
    const frame = 'x'.repeat(8 * MIB);
    for (let count = 1; count <= 9; count++) socket.send(frame, { fin: count === 9 });
    const [code] = await once(socket, 'close');
    expect(code, 'no close frame, no word').toBe(1006);
  });
});

describe('what only one of the two versions does on the wire', () => {
  it('drops the handshake of a WebSocket that offers compression (0.142), or passes over the offer (0.169)', async () => {
    const offer = async (binary: TestedBinary) => {
      const { home } = await startCodex({ binary, over: 'socket', isRaw: true });
      const socket = new WebSocket(socketOf(home), { perMessageDeflate: true });
      const outcome = await once(socket, 'open').then(
        () => 'open',
        (error: Error) => error.message,
      );
      socket.terminate();
      return outcome;
    };
    expect(await offer(OLDEST)).toBe('socket hang up');
    expect(await offer(NEWEST)).toBe('open');
  });

  it('tells when it sent each notification (0.169), a field that 0.142 does not have; neither names a version of JSON-RPC', async () => {
    const fieldsOf = async (binary: TestedBinary) => {
      const { workspace, values, startThread, runTurn } = await startBare({ binary });
      await runTurn(await startThread({ cwd: workspace }), '!say hello');
      return new Set(values.flatMap((value) => Object.keys(value as object)));
    };
    expect(await fieldsOf(NEWEST)).toEqual(new Set(['id', 'result', 'method', 'params', 'emittedAtMs']));
    expect(await fieldsOf(OLDEST)).toEqual(new Set(['id', 'result', 'method', 'params']));
  });

  it('never answers some of a thousand calls at once, while it answers later ones (0.142)', async () => {
    const { codex, client, values } = await startBare({ binary: OLDEST });
    const calls = 1_000;
    callAtOnce(codex, calls);
    const isAnswered = () =>
      client.call('model/list', {}, { deadlineMs: 1_000 }).then(
        () => true,
        () => false,
      );
    for (let times = 0; times < 50; times++) await until(isAnswered, 'an answer');
    const answered = values.filter((value) => Number((value as { id?: number }).id) > 1_000);
    expect(answered.length).toBeLessThan(calls);
  });

  it('drops a client over a socket that lets 40,000 messages wait, and no other (0.169)', async () => {
    const flood = Promise.withResolvers<void>();
    const script = [say('one'), endTurn(), pause(flood.promise), say('x'.repeat(40_000), { chunk: 1 })];
    const started = await startBare({ binary: NEWEST, over: 'socket', script });
    const { workspace, home, startThread, startTurn, runTurn, notified, of } = started;
    const threadId = await startThread({ cwd: workspace });
    await runTurn(threadId, 'go');
    const slow = new WebSocket(socketOf(home), { perMessageDeflate: false });
    slow.on('error', () => {});
    await once(slow, 'open');
    slow.send(JSON.stringify({ id: 1, method: 'initialize', params: introduction('slow') }));
    slow.send(JSON.stringify({ method: 'initialized' }));
    slow.send(JSON.stringify({ id: 2, method: 'thread/resume', params: { threadId } }));
    await new Promise<void>((resolve) => {
      slow.on('message', (data: Buffer) => data.includes('"id":2') && resolve());
    });
    slow.pause();
    const turnId = await startTurn(threadId, 'go');
    flood.resolve();
    await notified('turn/completed', ({ turn }) => turn.id === turnId);
    const closed = once(slow, 'close');
    slow.resume();
    expect((await closed)[0], 'no close frame, no word').toBe(1006);
    expect(of('item/agentMessage/delta').length).toBeGreaterThan(40_000);
    await expect((await joinBare(started)).client.call('model/list', {})).resolves.toBeDefined();
  });
});
