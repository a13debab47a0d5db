import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { LineTransport } from '../../src/rpc/lines.ts';
import type { Transport } from '../../src/rpc/transport.ts';
import { failureOf } from '../support/failure.ts';
import { connectToPeer, wire } from '../support/peer.ts';
import { until } from '../support/processes.ts';

const exited = () => new OptioError('codex-exited', 'codex exited with 3', { exitCode: 3, stderr: 'out of memory' });

/** Settles before anything that waits for a timer or for the world. */
const soon = () => new Promise((resolve) => setImmediate(() => resolve('still pending')));

describe('the end of a connection', () => {
  it('rejects pending calls when the peer ends it', async () => {
    const { connection, sent, hangUp, closes } = connectToPeer();
    const call = failureOf(connection.call('slow', {}));
    await until(() => sent.length > 0);
    hangUp();
    expect(await call).toMatchObject({
      code: 'connection-closed',
      message: '"slow" was not answered: the peer ended the connection',
    });
    expect(closes).toHaveLength(1);
  });

  it('rejects pending calls with its reason, exit code and last words included', async () => {
    const { connection, sent } = connectToPeer();
    const callFromHere = () => connection.call('slow', {});
    const call = failureOf(callFromHere());
    await until(() => sent.length > 0);
    connection.close(exited());
    expect(await call).toMatchObject({ code: 'codex-exited', details: { exitCode: 3, stderr: 'out of memory' } });
    expect((await call).stack?.split('\n')[1]).toContain('callFromHere');
  });

  it('rejects calls in line with its reason, each with the stack of its caller', async () => {
    const { connection, sent } = connectToPeer(undefined, { maxInFlight: 1 });
    const first = failureOf(connection.call('first', {}));
    const callFromHere = () => connection.call('second', {});
    const second = failureOf(callFromHere());
    await until(() => sent.length > 0);
    connection.close(exited());
    expect(await first).toMatchObject({ code: 'codex-exited' });
    expect(await second).toMatchObject({
      code: 'codex-exited',
      message: '"second" was not sent: codex exited with 3',
      details: { exitCode: 3 },
    });
    expect((await second).stack?.split('\n')[1]).toContain('callFromHere');
    expect(sent).toHaveLength(1);
  });

  it('rejects a call at once that pauses before its next attempt', async () => {
    const { connection, values } = connectToPeer(() => ({ error: { code: -32001, message: 'later' } }));
    const call = failureOf(connection.call('busy', {}));
    await until(() => values.length > 0);
    connection.close(exited());
    await expect(Promise.race([call, soon()])).resolves.toMatchObject({ code: 'codex-exited' });
  });

  it('is told once, with the first reason', () => {
    const { connection, closes } = connectToPeer();
    const reason = exited();
    connection.close(reason);
    connection.close(new OptioError('internal', 'a second reason'));
    expect(closes).toEqual([reason]);
    expect(connection.endReason).toBe(reason);
  });

  it('is told once when the peer ends it as well', async () => {
    const { connection, closes, hangUp } = connectToPeer();
    connection.close(exited());
    hangUp();
    await soon();
    expect(closes).toMatchObject([{ code: 'codex-exited' }]);
  });

  it('carries the error of the transport', async () => {
    const input = new PassThrough();
    const { closes } = wire(new LineTransport({ input, output: new PassThrough() }));
    input.destroy(new Error('torn'));
    await until(() => closes.length > 0);
    expect(closes).toMatchObject([{ code: 'connection-closed', message: 'the peer ended the connection: torn' }]);
  });

  it('comes with a write that fails, for what is not written will not be answered', async () => {
    const output = new PassThrough();
    const { connection, closes } = wire(new LineTransport({ input: new PassThrough(), output }));
    output.destroy();
    await expect(connection.call('lost', {})).rejects.toMatchObject({ code: 'connection-closed' });
    expect(closes).toMatchObject([{ code: 'connection-closed' }]);
  });

  it('does not come with a message that the transport refuses', async () => {
    const refusing: Transport = {
      start() {},
      send: () => Promise.reject(new OptioError('message-too-large', 'too large')),
      close() {},
    };
    const { connection, closes } = wire(refusing);
    await expect(connection.call('large', {})).rejects.toMatchObject({ code: 'message-too-large' });
    expect(closes).toEqual([]);
  });

  it('closes the transport', async () => {
    const output = new PassThrough();
    const { connection } = wire(new LineTransport({ input: new PassThrough(), output }));
    connection.close(exited());
    expect(output.writableEnded).toBe(true);
  });

  it('lets nothing out any more', async () => {
    const { connection, sent } = connectToPeer();
    connection.close(exited());
    for (const attempt of [connection.call('late', {}), connection.notify('late'), connection.respond(1, {})]) {
      await expect(attempt).rejects.toMatchObject({ code: 'codex-exited', details: { exitCode: 3 } });
    }
    expect(sent).toEqual([]);
  });

  it('lets nothing in any more, not even what is read already', async () => {
    const input = new PassThrough();
    const transport = new LineTransport({ input, output: new PassThrough(), maxMessageBytes: 50 });
    const { connection, notifications, noise } = wire(transport, { onNotification: () => connection.close(exited()) });
    input.write(`{"method":"last"}\n{"method":"more"}\n${'x'.repeat(51)}\n{\n`);
    await until(() => connection.endReason !== undefined);
    expect(notifications).toEqual([{ method: 'last', params: undefined }]);
    expect(noise).toEqual([]);
  });
});

describe('a receiver that throws', () => {
  const broken = {
    onNotification() {
      throw new Error('a fault of ours');
    },
  };

  it('ends the connection with what it threw', async () => {
    const { connection, say, closes } = connectToPeer(undefined, broken);
    const call = failureOf(connection.call('slow', {}));
    await say({ method: 'any' });
    expect(await call).toMatchObject({ code: 'internal' });
    expect(closes).toMatchObject([
      { code: 'internal', message: 'a message could not be handled: a fault of ours', cause: expect.any(Error) },
    ]);
  });

  it('does not end the process with the transport that it is called from', async () => {
    const input = new PassThrough();
    const { closes } = wire(new LineTransport({ input, output: new PassThrough() }), broken);
    input.write('{"method":"any"}\n{"method":"any"}\n');
    await until(() => closes.length > 0);
    expect(closes).toMatchObject([{ code: 'internal' }]);
  });
});
