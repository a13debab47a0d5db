import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { RpcConnection } from '../../src/rpc/connection.ts';
import { createTransportPair } from '../../src/rpc/memory.ts';
import { failureOf } from '../support/failure.ts';

/** A connection whose peer says nothing by itself, and answers pings as long as it lives. */
function connect(heartbeat = { everyMs: 1_000, patienceMs: 600_000 }) {
  const [ours, theirs] = createTransportPair();
  const peer = { lives: true };
  const ping = () => (peer.lives ? Promise.resolve() : new Promise<void>(() => {}));
  const told: string[] = [];
  const receiver = {
    onNotification() {},
    onSilence: ({ kind }: { kind: string }) => void told.push(kind),
    onClose: () => void told.push('closed'),
  };
  const transport = Object.assign(ours, { ping });
  const connection = new RpcConnection(transport, receiver, { heartbeat, callDeadlineMs: 10_000 });
  connection.start();
  theirs.start({ onMessage() {}, onOversized() {}, onClose() {} });
  return { connection, told, peer, say: (message: object) => theirs.send(JSON.stringify(message)) };
}

describe('a peer that gives no sign of life', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setImmediate'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is waited for: a call that it got before, or gets meanwhile, has its answer when it goes on', async () => {
    const { connection, told, peer, say } = connect();
    const before = connection.call('before', {});
    peer.lives = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toEqual(['began']);
    const meanwhile = connection.call('meanwhile', {});
    await vi.advanceTimersByTimeAsync(300_000);
    peer.lives = true;
    await say({ id: 1, result: 'first' });
    await say({ id: 2, result: 'second' });
    expect(await Promise.all([before, meanwhile])).toEqual(['first', 'second']);
    expect(told).toEqual(['began', 'ended']);
    connection.close(new OptioError('aborted', 'the test is over'));
  });

  it('is not waited for by a call that has a deadline of its own', async () => {
    const { connection, peer } = connect();
    peer.lives = false;
    await vi.advanceTimersByTimeAsync(5_000);
    const failure = failureOf(connection.call('soon', {}, { deadlineMs: 2_000 }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await failure).toMatchObject({ code: 'call-timeout' });
    connection.close(new OptioError('aborted', 'the test is over'));
  });

  it('may still leave a call unanswered, which is late then', async () => {
    const { connection, told } = connect();
    const failure = failureOf(connection.call('lost', {}));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await failure).toMatchObject({ code: 'call-timeout' });
    expect(told).toEqual([]);
    connection.close(new OptioError('aborted', 'the test is over'));
  });

  it('is asked nothing more once the connection is closed', async () => {
    const { connection, told, peer } = connect();
    peer.lives = false;
    connection.close(new OptioError('aborted', 'the test is over'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(['closed']);
  });
});
