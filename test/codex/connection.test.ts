import { describe, expect, it } from 'vitest';
import { CodexConnection } from '../../src/codex/connection.ts';
import { OptioError } from '../../src/errors.ts';
import type { Transport } from '../../src/rpc/transport.ts';
import { MemoryCodex, settled } from '../support/memory-codex.ts';
import { until } from '../support/processes.ts';

interface Options {
  readonly reconnect?: (codex: MemoryCodex) => Promise<Transport>;
  readonly restore?: (attempt: number, isRetry: boolean) => Promise<void>;
}

/** A started connection, with a record of what it told. */
function connect({ reconnect, restore = async () => {} }: Options = {}) {
  const codex = new MemoryCodex({ 'model/list': () => undefined });
  const heard: string[] = [];
  const ends: OptioError[] = [];
  let restores = 0;
  const connection = new CodexConnection({
    link: { transport: codex.connect(), ...(reconnect && { reconnect: () => reconnect(codex) }) },
    callDeadlineMs: 1_000,
    receiver: { onNotification: (method) => heard.push(method) },
    restore: (_client, _reason, isRetry) => restore(++restores, isRetry),
    onEnd: (reason) => ends.push(reason),
  });
  connection.start();
  return { codex, connection, heard, ends, restores: () => restores };
}

const anew = async (codex: MemoryCodex) => codex.connect();

describe('CodexConnection', () => {
  it('ends with the connection when it cannot be made anew', async () => {
    const { codex, connection, ends } = connect();
    codex.hangUp();
    await settled();
    expect(ends).toMatchObject([{ code: 'connection-closed' }]);
    await expect(connection.reconnected()).resolves.toBe(false);
  });

  it('is made anew and taken up again; calls that were under way are rejected', async () => {
    const { codex, connection, heard, ends, restores } = connect({ reconnect: anew });
    const call = connection.client.call('model/list', {});
    codex.hangUp();
    await expect(call).rejects.toMatchObject({ code: 'connection-closed' });
    await expect(connection.reconnected()).resolves.toBe(true);
    await codex.tell('after', {});
    expect([heard, ends, restores()]).toEqual([['after'], [], 1]);
    await expect(connection.client.call('thread/archive', { threadId: 't' })).resolves.toEqual({});
  });

  it('is made anew as often as it is lost', async () => {
    const { codex, connection, restores } = connect({ reconnect: anew });
    for (let time = 1; time <= 3; time++) {
      codex.hangUp();
      await until(() => restores() === time, 'the new connection');
      await expect(connection.reconnected()).resolves.toBe(true);
    }
  });

  it('tries again when it cannot connect, or is lost while it is taken up', async () => {
    let attempts = 0;
    const { codex, connection, ends, restores } = connect({
      reconnect: async (theirs) => {
        if (attempts++ === 0) throw new OptioError('connection-closed', 'nobody listens yet');
        return theirs.connect();
      },
      restore: async (attempt) => {
        if (attempt > 1) return;
        codex.hangUp();
        await settled();
      },
    });
    codex.hangUp();
    await settled();
    await expect(connection.reconnected()).resolves.toBe(true);
    expect([attempts, restores(), ends]).toEqual([3, 2, []]);
  });

  it('hears nothing of a connection that could not be taken up', async () => {
    const transports: Transport[] = [];
    const { codex, connection, heard } = connect({
      reconnect: async (theirs) => {
        const transport = theirs.connect();
        transports.push(transport);
        return transport;
      },
      restore: async (attempt) => {
        if (attempt > 1) return;
        throw new OptioError('call-timeout', 'no answer');
      },
    });
    codex.hangUp();
    await settled();
    await connection.reconnected();
    expect(transports).toHaveLength(2);
    await expect(transports[0]?.send('{}')).rejects.toMatchObject({ code: 'connection-closed' });
    await codex.tell('once', {});
    expect(heard).toEqual(['once']);
  });

  it('begins again when Codex tells more than 64 MiB while it is taken up, and takes it for no fault of the history', async () => {
    const retries: boolean[] = [];
    const { codex, connection, heard, ends } = connect({
      reconnect: anew,
      restore: async (attempt, isRetry) => {
        retries.push(isRetry);
        const more = 'x'.repeat(1024 * 1024);
        for (let count = 0; count < (attempt === 1 ? 64 : 63); count++) await codex.tell(`${attempt}`, { more });
      },
    });
    codex.hangUp();
    await settled();
    await expect(connection.reconnected()).resolves.toBe(true);
    expect([retries, ends]).toEqual([[false, false], []]);
    expect(heard).toEqual(Array.from({ length: 63 }, () => '2'));
  });

  it('asks for less when an earlier connection broke, but not when it could not be made', async () => {
    const retries: boolean[] = [];
    let attempts = 0;
    const { codex, connection } = connect({
      reconnect: async (theirs) => {
        if (attempts++ === 0) throw new OptioError('connection-closed', 'nobody listens yet');
        return theirs.connect();
      },
      restore: async (attempt, isRetry) => {
        retries.push(isRetry);
        if (attempt === 1) codex.hangUp();
        await settled();
      },
    });
    codex.hangUp();
    await settled();
    await connection.reconnected();
    expect(retries).toEqual([false, true]);
  });

  it.each(['codex-exited', 'sandbox-changed'] as const)('gives up at once after "%s"', async (code) => {
    const { codex, connection, ends, restores } = connect({
      reconnect: anew,
      restore: () => Promise.reject(new OptioError(code, 'no use')),
    });
    codex.hangUp();
    await settled();
    await expect(connection.reconnected()).resolves.toBe(false);
    expect(restores()).toBe(1);
    expect(ends).toHaveLength(1);
    expect(ends[0]?.code).toBe(code === 'sandbox-changed' ? code : 'connection-closed');
  });

  it('ends for the first reason that is given, and is not made anew then', async () => {
    const { connection, ends, restores } = connect({ reconnect: anew });
    connection.end(new OptioError('aborted', 'first'));
    connection.end(new OptioError('internal', 'second'));
    await settled();
    expect(ends).toMatchObject([{ message: 'first' }]);
    expect(restores()).toBe(0);
  });

  it('takes up no connection that comes after its end', async () => {
    const arrives = Promise.withResolvers<Transport>();
    const { codex, connection, ends, restores } = connect({ reconnect: () => arrives.promise });
    codex.hangUp();
    await settled();
    connection.end(new OptioError('aborted', 'enough'));
    const late = codex.connect();
    arrives.resolve(late);
    await expect(connection.reconnected()).resolves.toBe(false);
    expect([ends.map(({ message }) => message), restores()]).toEqual([['enough'], 0]);
    await expect(late.send('{}')).rejects.toMatchObject({ code: 'connection-closed' });
  });
});
