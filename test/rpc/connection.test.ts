import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import type { Transport } from '../../src/rpc/transport.ts';
import { failureOf } from '../support/failure.ts';
import { connectToPeer, type SentMessage, wire } from '../support/peer.ts';

const OVERLOADED = { error: { code: -32001, message: 'too much to do' } };
const echo = (call: SentMessage) => ({ result: call.params });

afterEach(() => {
  vi.useRealTimers();
});

describe('a call', () => {
  it('gives the result that the peer answers', async () => {
    const { connection } = connectToPeer(echo);
    await expect(connection.call('echo', { text: 'hello' })).resolves.toEqual({ text: 'hello' });
  });

  it('goes out in the form that Codex takes', async () => {
    const { connection, sent } = connectToPeer(echo);
    await connection.call('thread/start', { cwd: '/' });
    expect(sent).toEqual([{ id: 1, method: 'thread/start', params: { cwd: '/' } }]);
  });

  it('takes null for a result', async () => {
    const { connection } = connectToPeer(() => ({ result: null }));
    await expect(connection.call('noop', {})).resolves.toBeNull();
  });

  it('fails with the words of the peer and carries its error as data', async () => {
    const error = { code: -32600, message: 'no such thread', data: { threadId: 't1' } };
    const { connection } = connectToPeer(() => ({ error }));
    const failure = await failureOf(connection.call('thread/resume', {}));
    expect(failure).toMatchObject({ code: 'call-failed', message: '"thread/resume" failed: no such thread' });
    expect(failure.details.data).toEqual(error);
  });

  it('fails with a stack that begins where it was made', async () => {
    const { connection } = connectToPeer(() => ({ error: { code: 1, message: 'no' } }));
    const callFromHere = () => connection.call('any', {});
    const failure = await failureOf(callFromHere());
    expect(failure.stack?.split('\n')[1]).toContain('callFromHere');
  });

  it('gets its own answer, in whatever order the peer answers', async () => {
    const orders = fc.uniqueArray(fc.nat({ max: 19 }), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const answers: (() => void)[] = [];
        const { connection } = connectToPeer(async (call) => {
          const isTurn = new Promise<void>((resolve) => answers.push(resolve));
          if (answers.length === 20) for (const index of order) answers[index]?.();
          await isTurn;
          return echo(call);
        });
        const numbers = order.map((_, index) => index);
        expect(await Promise.all(numbers.map((number) => connection.call('number', number)))).toEqual(numbers);
      }),
    );
  });

  it('waits in line while 64 others have no answer yet', async () => {
    let inFlight = 0;
    let most = 0;
    const { connection, sent } = connectToPeer(async (call) => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
      return { result: call.params };
    });
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    await expect(Promise.all(numbers.map((number) => connection.call('number', number)))).resolves.toEqual(numbers);
    expect(sent.map((call) => call.params)).toEqual(numbers);
    expect(most).toBe(64);
  });

  it('cannot be written as JSON: is refused, and the connection goes on', async () => {
    const { connection, sent } = connectToPeer(echo);
    await expect(connection.call('count', 1n)).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(connection.call('echo', 1)).resolves.toBe(1);
    expect(sent).toHaveLength(1);
  });

  it('keeps the remedy of the transport that refuses it', async () => {
    const refusing: Transport = {
      start() {},
      send: () => Promise.reject(new OptioError('message-too-large', 'too large', { remedy: 'Use a file.' })),
      close() {},
    };
    const failure = await failureOf(wire(refusing).connection.call('turn/start', {}));
    expect(failure).toMatchObject({ code: 'message-too-large', remedy: 'Use a file.' });
  });
});

describe('a call to an overloaded peer', () => {
  it('is made again until it is carried out', async () => {
    let refusals = 2;
    const { connection, sent } = connectToPeer((call) => (refusals-- > 0 ? OVERLOADED : echo(call)));
    await expect(connection.call('echo', 'at last')).resolves.toBe('at last');
    expect(sent).toHaveLength(3);
  });

  it('fails with `overloaded` once its deadline leaves no time for another attempt', async () => {
    // No time passes: the first pause alone is longer than this.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { connection, sent } = connectToPeer(() => OVERLOADED);
    const failure = await failureOf(connection.call('echo', 1, { deadlineMs: 20 }));
    expect(sent).toHaveLength(1);
    expect(failure).toMatchObject({ code: 'overloaded', details: { data: OVERLOADED.error } });
  });

  it('is not made again for another error', async () => {
    const { connection, sent } = connectToPeer(() => ({ error: { code: -32002, message: 'no' } }));
    await expect(connection.call('echo', 1)).rejects.toMatchObject({ code: 'call-failed' });
    expect(sent).toHaveLength(1);
  });
});

describe('the deadline of a call', () => {
  it('ends it with `call-timeout` when its answer is lost', async () => {
    const { connection } = connectToPeer();
    await expect(connection.call('lost', {}, { deadlineMs: 10 })).rejects.toMatchObject({
      code: 'call-timeout',
      message: expect.stringContaining('"lost"'),
    });
  });

  it('is that of the connection unless the call has its own', async () => {
    const { connection } = connectToPeer(undefined, { callDeadlineMs: 10 });
    await expect(connection.call('lost', {})).rejects.toMatchObject({ code: 'call-timeout' });
  });

  it('gives its place to the next in line', async () => {
    const { connection } = connectToPeer((call) => (call.method === 'lost' ? undefined : echo(call)), {
      maxInFlight: 1,
    });
    const lost = failureOf(connection.call('lost', {}, { deadlineMs: 10 }));
    await expect(connection.call('echo', 'next')).resolves.toBe('next');
    expect(await lost).toMatchObject({ code: 'call-timeout' });
  });

  it('ends it also while it waits in line', async () => {
    const { connection, sent } = connectToPeer(undefined, { maxInFlight: 1 });
    connection.call('first', {}).catch(() => {});
    const failure = await failureOf(connection.call('second', {}, { deadlineMs: 10 }));
    expect(failure).toMatchObject({ code: 'call-timeout', message: expect.stringContaining('waited for its turn') });
    expect(sent.map((call) => call.method)).toEqual(['first']);
    connection.close(new OptioError('connection-closed', 'the test is over'));
  });

  it('counts the time in line', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { connection, sent } = connectToPeer(undefined, { maxInFlight: 1 });
    const first = failureOf(connection.call('first', {}, { deadlineMs: 100 }));
    const second = failureOf(connection.call('second', {}, { deadlineMs: 150 }));
    await vi.advanceTimersByTimeAsync(100);
    expect(sent.map((call) => call.method)).toEqual(['first', 'second']);
    await vi.advanceTimersByTimeAsync(50);
    expect(vi.getTimerCount()).toBe(0);
    expect([await first, await second]).toMatchObject([{ code: 'call-timeout' }, { code: 'call-timeout' }]);
  });

  it('may be for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const gate = Promise.withResolvers<void>();
    const { connection } = connectToPeer(async (call) => {
      await gate.promise;
      return echo(call);
    });
    const answer = connection.call('echo', 1, { deadlineMs: Number.POSITIVE_INFINITY });
    // A timer that is told to wait for ever fires at once.
    await vi.advanceTimersByTimeAsync(1000);
    gate.resolve();
    await expect(answer).resolves.toBe(1);
  });
});
