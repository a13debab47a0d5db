import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { removeRecord, socketOf, writeRecord } from '../../src/compose/server-record.ts';
import { withStartLock } from '../../src/compose/start-lock.ts';
import { stopHere } from '../../src/compose/stop-here.ts';
import { makeToken } from '../../src/compose/token-file.ts';
import { testDirectory } from '../support/directories.ts';
import { summaryOf } from '../support/run-summary.ts';

const RECORD = { version: '0.1.0', startedAt: '', address: '', isBackground: true };

/** The process of a server that has died. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

interface Played {
  readonly dataDir: string;
  readonly pid: number;
  /** Whether it answers what there is before it is told to stop. */
  readonly answers?: boolean;
  /** What it does when it is told to stop. */
  readonly onStop: (dataDir: string) => object | undefined;
}

/** Plays a server with a run under way and an open request, which ends without an answer where `onStop` gives none. */
async function play({ dataDir, pid, answers = true, onStop }: Played): Promise<void> {
  writeRecord(dataDir, { ...RECORD, pid });
  const server = createServer(({ url = '' }, response) => {
    const end = () => {
      rmSync(socketOf(dataDir), { force: true });
      response.destroy();
    };
    const said = url.startsWith('/api/server/stop')
      ? onStop(dataDir)
      : {
          runs: url.includes('running') ? [summaryOf({ id: 'run-1' })] : [],
          next: null,
          requests: [{}],
          apiVersion: 1,
        };
    if (!said || !answers) return end();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
  });
  onTestFinished(() => void server.close());
  server.listen(socketOf(dataDir));
  await once(server, 'listening');
}

async function makePlace() {
  const dataDir = testDirectory();
  await makeToken(dataDir);
  return { dataDir, pid: await deadPid() };
}

describe('stopping the server that is here', () => {
  it('waits for one that is only being started', async () => {
    const place = await makePlace();
    const report = { pid: place.pid, left: ['run-1'], waiting: [], openRequests: 0, drainMs: 0, cancel: false };
    const told: unknown[] = [];
    const started = Promise.withResolvers<void>();
    const starting = withStartLock(place.dataDir, async () => {
      await started.promise;
      await play({ ...place, onStop: () => report });
    });
    const stopping = stopHere(place.dataDir, {}, { onStopping: (early) => void told.push(early) });
    await new Promise(setImmediate);
    started.resolve();
    expect(await stopping).toEqual({ ...report, hasDied: false });
    expect(told).toEqual([report]);
    await starting;
  });

  it('finds none, and makes none', async () => {
    const { dataDir } = await makePlace();
    expect(await stopHere(dataDir, {})).toBeUndefined();
    expect(await stopHere(`${dataDir}/none`, {})).toBeUndefined();
  });

  it('says what one leaves that dies over it', async () => {
    const place = await makePlace();
    await play({ ...place, onStop: () => undefined });
    expect(await stopHere(place.dataDir, { cancel: true })).toEqual({
      ...{ pid: place.pid, left: ['run-1'], waiting: [], openRequests: 1, drainMs: 0, cancel: false },
      hasDied: true,
    });
  });

  it('does not say so of one that another has stopped', async () => {
    const place = await makePlace();
    const onStop = (dataDir: string) => {
      writeRecord(dataDir, { ...RECORD, pid: process.pid });
      removeRecord(dataDir);
      return undefined;
    };
    await play({ ...place, onStop });
    expect(await stopHere(place.dataDir, {})).toBeUndefined();
  });

  it('says that nothing is known of one that dies before', async () => {
    const place = await makePlace();
    await play({ ...place, answers: false, onStop: () => undefined });
    await expect(stopHere(place.dataDir, {})).rejects.toMatchObject({
      code: 'server-unreachable',
      message: `the server (process ${place.pid}) died before it could say what it leaves`,
      details: { remedy: expect.stringContaining('optio-codex ps') },
    });
  });
});
