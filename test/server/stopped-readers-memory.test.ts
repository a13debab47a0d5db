import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Optio } from '../../src/optio.ts';
import { testDirectory } from '../support/directories.ts';
import { taskOf, told } from '../support/engine.ts';
import { heap } from '../support/heap.ts';
import { until } from '../support/processes.ts';
import { SESSION_STARTED } from '../support/run-events.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer, type TestServer } from '../support/server.ts';

const READERS = 20;
const FILE_BYTES = 20 * 1024 * 1024;
const PIECE = 'x'.repeat(64 * 1024);

/** Asks, takes the beginning of the answer, and nothing more. */
async function stopReading({ port }: TestServer, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {}); // it is looked at (`isClosed`)
  onTestFinished(() => void socket.destroy());
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer viewer-token\r\n\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
  return socket;
}

/** Whether the server has closed it: whoever reads nothing does not hear of that. */
const isClosed = (socket: Socket) => {
  socket.write('x'); // a connection that is gone refuses it
  return socket.destroyed || socket.errored !== null;
};

async function serveFile(stallMs: number): Promise<TestServer> {
  const root = testDirectory('stopped');
  writeFileSync(join(root, 'large'), Buffer.alloc(FILE_BYTES, 'x'));
  const optio = await Optio.open({ dataDir: join(testDirectory('server'), 'data') });
  onTestFinished(() => optio.close());
  const task = taskOf(async (context) => {
    context.emit({ ...SESSION_STARTED, workspace: { path: root, kind: 'directory' } });
    await told(context.signal);
    throw new Error('told to stop');
  });
  await optio.define(task);
  const run = await optio.launch(task.id);
  await until(async () => (await run.view()).session !== null, 'the workspace');
  return openServer(optio, { streams: { stallMs } });
}

describe('readers who have stopped', () => {
  it(`keep a few pieces of a file in memory, ${READERS} of them together`, async () => {
    const server = await serveFile(600_000);
    const path = '/api/runs/@last/file?path=large';
    await stopReading(server, path); // to warm up
    const before = heap();
    for (let index = 0; index < READERS; index++) await stopReading(server, path);
    expect((heap() - before) / READERS, 'bytes for each reader').toBeLessThan(FILE_BYTES / 10);
  });

  it.each(['file', 'JSON', 'export'])('are let go, by a %s', async (kind) => {
    let isLeft = false;
    async function* endless() {
      try {
        for (;;) yield PIECE;
      } finally {
        isLeft = true;
      }
    }
    const pieces = (async function* () {
      for await (const piece of endless()) yield Buffer.from(piece);
    })();
    const openFile = async () => ({ size: 2 ** 30, pieces, close: async () => {} });
    const view = async () => ({ seq: 1, state: 'done', text: 'x'.repeat(FILE_BYTES) }) as never;
    const { api } = scriptApi({ handle: { openFile, export: () => endless(), view } });
    const errors: unknown[] = [];
    const onAnswered = ({ error }: { error: unknown }) => void errors.push(error);
    const server = await openServer(api, { streams: { stallMs: 100 }, onAnswered });
    const path = {
      file: '/api/runs/run-1/file?path=a',
      JSON: '/api/runs/run-1/view',
      export: '/api/runs/run-1/export',
    }[kind];
    const socket = await stopReading(server, path ?? '');
    await until(() => errors.length === 1, 'the end of the answer');
    expect(errors).toMatchObject([{ code: 'overloaded' }]);
    if (kind !== 'JSON') expect(isLeft).toBe(true);
    await until(() => isClosed(socket), 'the end of the connection');
  });
});
