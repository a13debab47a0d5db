import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/compose/connect.ts';
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
});
