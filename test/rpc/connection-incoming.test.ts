import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LineTransport } from '../../src/rpc/lines.ts';
import { connectToPeer, type SentMessage, wire } from '../support/peer.ts';
import { until } from '../support/processes.ts';

const echo = (call: SentMessage) => ({ result: call.params });

describe('what comes from the peer and is no message', () => {
  const noise = [
    ['text that is no JSON', '{"id":1,', { kind: 'unparseable', text: '{"id":1,' }],
    ['a JSON value that is no object', '42', { kind: 'unexpected', value: 42 }],
    ['null', 'null', { kind: 'unexpected', value: null }],
    ['a list of messages', '[{"method":"a"}]', { kind: 'unexpected', value: [{ method: 'a' }] }],
    ['an object of no known shape', '{"hello":1}', { kind: 'unexpected', value: { hello: 1 } }],
    ['an answer without an id', '{"result":1}', { kind: 'unexpected', value: { result: 1 } }],
  ] as const;

  it.each(noise)('is told and ends nothing: %s', async (_, text, told) => {
    const { connection, say, noise } = connectToPeer(echo);
    await say(text);
    await expect(connection.call('echo', 1)).resolves.toBe(1);
    expect(noise).toEqual([told]);
  });

  it('is told and ends nothing: a message beyond the limit', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const { noise, notifications } = wire(new LineTransport({ input, output, maxMessageBytes: 50 }));
    input.write(`{"method":"${'x'.repeat(50)}"}\n{"method":"after"}\n`);
    await until(() => notifications.length > 0);
    expect(noise).toEqual([{ kind: 'oversized', bytes: 63 }]);
    expect(notifications).toEqual([{ method: 'after', params: undefined }]);
  });
});

describe('a notification', () => {
  it('is handed on, whatever its method', async () => {
    const { say, notifications } = connectToPeer();
    await say({ method: 'thread/invented', params: { a: 1 } });
    await until(() => notifications.length > 0);
    expect(notifications).toEqual([{ method: 'thread/invented', params: { a: 1 } }]);
  });

  it('comes in the order of the wire', async () => {
    const { connection, say, notifications } = connectToPeer(echo);
    for (const method of ['a', 'b', 'c']) await say({ method });
    await connection.call('echo', 1);
    expect(notifications.map(({ method }) => method)).toEqual(['a', 'b', 'c']);
  });

  it('is seen as a whole value before it is handed on', async () => {
    const { say, values, notifications } = connectToPeer(undefined, {
      onNotification: () => expect(values).toEqual([{ method: 'a', unknown: true }]),
    });
    await say({ method: 'a', unknown: true });
    await until(() => notifications.length > 0);
  });
});

describe('a request of the peer', () => {
  it('is refused when nobody takes requests', async () => {
    const { say, sent } = connectToPeer();
    await say({ id: 'r1', method: 'item/invented/requestApproval', params: {} });
    await until(() => sent.length > 0);
    const message = '"item/invented/requestApproval" is not supported';
    expect(sent).toEqual([{ id: 'r1', error: { code: -32601, message } }]);
  });

  it('is answered under its own id', async () => {
    const { connection, say, sent, requests } = connectToPeer(undefined, { takesRequests: true });
    await say({ id: 0, method: 'ask', params: { a: 1 } });
    await until(() => requests.length > 0);
    expect(requests).toMatchObject([{ id: 0, method: 'ask', params: { a: 1 } }]);
    await connection.respond(0, { decision: 'accept' });
    expect(sent).toEqual([{ id: 0, result: { decision: 'accept' } }]);
  });

  it('can be refused with a code and words', async () => {
    const { connection, say, sent, requests } = connectToPeer(undefined, { takesRequests: true });
    await say({ id: 7, method: 'ask' });
    await until(() => requests.length > 0);
    await connection.refuse(7, 'not now', -32000);
    expect(sent).toEqual([{ id: 7, error: { code: -32000, message: 'not now' } }]);
  });

  it('is answered with null when there is nothing to say', async () => {
    const { connection, sent } = connectToPeer();
    await connection.respond(3, undefined);
    expect(sent).toEqual([{ id: 3, result: null }]);
  });

  it('does not get mixed up with a call of ours that has the same id', async () => {
    const { connection, say, requests } = connectToPeer(
      async (call) => {
        await say({ id: call.id, method: 'ask' });
        return { result: 'ours' };
      },
      { takesRequests: true },
    );
    await expect(connection.call('first', {})).resolves.toBe('ours');
    expect(requests).toMatchObject([{ id: 1, method: 'ask' }]);
  });
});

describe('an answer that nobody waits for', () => {
  it('does no harm when it comes after the deadline', async () => {
    const { connection, say, sent, noise } = connectToPeer((call) => (call.method === 'slow' ? undefined : echo(call)));
    await expect(connection.call('slow', {}, { deadlineMs: 5 })).rejects.toMatchObject({ code: 'call-timeout' });
    await say({ id: sent[0]?.id, result: 'too late' });
    await expect(connection.call('echo', 1)).resolves.toBe(1);
    expect(noise).toEqual([]);
  });

  it('does no harm when it comes a second time', async () => {
    const { connection, say } = connectToPeer(echo);
    await connection.call('echo', 'first');
    await say({ id: 1, error: { code: 1, message: 'again' } });
    await expect(connection.call('echo', 'second')).resolves.toBe('second');
  });
});

it('a notification of ours carries params only when there are some', async () => {
  const { connection, sent } = connectToPeer();
  await connection.notify('initialized');
  await connection.notify('told', { a: 1 });
  expect(sent).toEqual([{ method: 'initialized' }, { method: 'told', params: { a: 1 } }]);
});
