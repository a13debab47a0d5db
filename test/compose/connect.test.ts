import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect, stopServer } from '../../src/compose/connect.ts';
import { writeRecord } from '../../src/compose/server-record.ts';
import { makeToken } from '../../src/compose/token-file.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';

describe('connect', () => {
  it('tells at once that a server elsewhere does not answer, which nobody here could start', async () => {
    let attempts = 0;
    const server = createServer((socket) => {
      attempts++;
      socket.destroy();
    });
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const env = {
      HOME: testDirectory('home'),
      OPTIO_CODEX_HOME: testDirectory('data'),
      OPTIO_CODEX_SERVER: `http://127.0.0.1:${port}`,
      OPTIO_CODEX_TOKEN: 'a token that is long enough'.replaceAll(' ', '-'),
    };
    const failure = await failureOf(connect({ env }));
    expect(failure).toMatchObject({ code: 'server-unreachable', remedy: expect.any(String) });
    expect(attempts).toBe(1);
  });

  it('sends the token of the data directory to nobody else, on loopback neither', async () => {
    const got: (string | undefined)[] = [];
    const server = createHttpServer(({ headers }, response) => {
      got.push(headers.authorization);
      response.end('{}');
    });
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const dataDir = testDirectory('data');
    await makeToken(dataDir);
    const url = `http://127.0.0.1:${port}`;
    const env = { HOME: testDirectory('home'), OPTIO_CODEX_HOME: dataDir, OPTIO_CODEX_SERVER: url };
    const refused = { code: 'unauthorized', remedy: expect.stringContaining('OPTIO_CODEX_TOKEN') };
    expect(await failureOf(connect({ env }))).toMatchObject(refused);
    expect(await failureOf(stopServer({}, { env }))).toMatchObject(refused);
    // Whoever listens at the address of a server that has died is not that server.
    const record = { pid: 1, version: '1', startedAt: '', address: url, isBackground: false };
    writeRecord(dataDir, record);
    expect(await failureOf(connect({ env }))).toMatchObject({ code: 'server-unreachable' });
    expect(got).toEqual([]);
  });
});
