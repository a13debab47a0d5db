import { createServer, type RequestListener } from 'node:http';
import type { Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { socketOf, writeRecord } from '../../src/compose/server-record.ts';
import { makeToken } from '../../src/compose/token-file.ts';
import { testDirectory } from './directories.ts';

/** A data directory with a token and the record of process 4711, at whose socket this listens in the place of a server. */
export async function answerWith(server: Server | RequestListener): Promise<string> {
  const dataDir = testDirectory();
  await makeToken(dataDir);
  writeRecord(dataDir, { pid: 4711, version: '0.1.0', startedAt: '', address: '', isBackground: true });
  const listening = typeof server === 'function' ? createServer(server) : server;
  await new Promise<void>((resolve) => listening.listen(socketOf(dataDir), resolve));
  onTestFinished(() => void listening.close());
  return dataDir;
}

/** Answers everything with this. */
export function json(value: unknown): RequestListener {
  return (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };
}
