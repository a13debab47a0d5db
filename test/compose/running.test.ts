import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findRunning, stopRunning } from '../../src/compose/running.ts';
import { socketOf } from '../../src/compose/server-record.ts';
import { makeToken, tokenFileOf } from '../../src/compose/token-file.ts';
import { readProcess } from '../../src/hosts/processes.ts';
import { testDirectory } from '../support/directories.ts';
import { answerWith, json } from '../support/socket-server.ts';

const INFO = {
  version: '0.1.0',
  apiVersion: 1,
  pid: 7,
  dataDir: '/d',
  startedAt: '',
  caller: { name: 'owner', role: 'admin' },
};

/** Listens, and has ended: what stays is the file. */
const GONE = "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";

describe('findRunning', () => {
  it('gives who answers', async () => {
    expect(await findRunning(await answerWith(json(INFO)))).toEqual(INFO);
  });

  it('finds nobody in a directory that is not there, or from which a server has gone, whatever it has left', async () => {
    const dataDir = testDirectory();
    expect(await findRunning(dataDir)).toBeUndefined();
    expect(await findRunning(`${dataDir}/none`)).toBeUndefined();
    const child = spawn(process.execPath, ['-e', GONE, socketOf(dataDir)]);
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await findRunning(dataDir), 'nor a token').toBeUndefined();
    await makeToken(dataDir);
    expect(await findRunning(dataDir)).toBeUndefined();
  });

  it('finds nobody where a server ends just now', async () => {
    const dataDir = await answerWith(
      createServer((socket) => {
        rmSync(socketOf(dataDir));
        socket.destroy();
      }),
    );
    expect(await findRunning(dataDir)).toBeUndefined();
  });

  it('does not take a connection that broke for the end of the server', async () => {
    const dataDir = await answerWith(createServer((socket) => void socket.destroy()));
    await expect(findRunning(dataDir)).rejects.toMatchObject({ code: 'server-unreachable' });
  });

  it('says of one that never answers how to end it', async () => {
    const held = new Set<{ destroy(): void }>();
    onTestFinished(() => held.forEach((socket) => void socket.destroy()));
    const dataDir = await answerWith(createServer((socket) => void held.add(socket)));
    await expect(findRunning(dataDir, { answerMs: 100 })).rejects.toMatchObject({
      code: 'server-unreachable',
      message: `the server of ${dataDir} does not answer`,
      details: { remedy: expect.stringContaining('End it: kill -9 4711. Nothing is lost by that') },
    });
  });

  it('makes a token where it was removed, and says how to end a server that does not take it', async () => {
    const dataDir = await answerWith((request, response) => {
      response.statusCode = 401;
      json({ type: '', title: '', status: 401, detail: 'no', code: 'unauthorized', message: 'no' })(request, response);
    });
    rmSync(tokenFileOf(dataDir));
    await expect(findRunning(dataDir)).rejects.toMatchObject({
      code: 'unauthorized',
      details: { remedy: expect.stringMatching(/does not hold its token any more\. End it: kill -9 4711\./) },
    });
  });
});

describe('stopRunning', () => {
  it('tells at once what is left, and resolves when the process is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const report = { pid: child.pid, left: ['run-1'], waiting: [], openRequests: 2, drainMs: 0, cancel: false };
    const asked: unknown[] = [];
    const dataDir = await answerWith((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => void asked.push([request.url, JSON.parse(text)]));
      request.once('end', () => json(report)(request, response));
    });
    const told: unknown[] = [];
    const onStopping = (early: unknown) => {
      told.push(early, readProcess(child.pid ?? 0)?.isZombie);
      child.kill('SIGKILL');
    };
    expect(await stopRunning(dataDir, { cancel: true }, { onStopping })).toEqual(report);
    expect(told).toEqual([report, false]);
    expect(asked).toEqual([['/api/server/stop', { cancel: true }]]);
    expect(readProcess(child.pid ?? 0)?.isZombie ?? true).toBe(true);
  });

  it('has nothing to do where none runs', async () => {
    expect(await stopRunning(testDirectory())).toBeUndefined();
  });
});
