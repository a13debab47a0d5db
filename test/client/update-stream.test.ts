import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { applyRunUpdate, EMPTY_RUN_LIST, type RunUpdate } from '../../src/contract/run-update.ts';
import { readAll, serveVerbs } from '../support/client.ts';

const snapshot: RunUpdate = { type: 'snapshot', runs: [], requests: [], isPartial: false };
const removed: RunUpdate = { type: 'removed', id: 'run-1' };
const dataOf = (...updates: RunUpdate[]) => updates.map((update) => `data: ${JSON.stringify(update)}\n\n`).join('');

describe('the updates of all runs', () => {
  it('go on with another snapshot after a lost connection, for the same filter', async () => {
    const { server, client } = await serveVerbs();
    server.on('watchRuns', (_received, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      const isFirst = server.count('watchRuns').received === 1;
      if (isFirst) outgoing.write(`${dataOf(snapshot, removed)}data: {"type":`, () => outgoing.destroy());
      else outgoing.write(dataOf(snapshot));
      return outgoing;
    });
    const updates: RunUpdate[] = [];
    for await (const update of client.watch({ states: ['running'], metadata: { team: 'red' } })) {
      updates.push(update);
      if (updates.length === 3) break;
    }
    expect(updates).toEqual([snapshot, removed, snapshot]);
    expect(updates.reduce(applyRunUpdate, EMPTY_RUN_LIST).runs.size).toBe(0);
    expect(server.received.filter(({ name }) => name === 'watchRuns').map(({ query }) => query)).toEqual([
      { state: ['running'], tag: ['team:red'] },
      { state: ['running'], tag: ['team:red'] },
    ]);
  });

  it('go on with the journal of the run that is followed where it was', async () => {
    const { server, client } = await serveVerbs();
    const events = (...seqs: number[]): RunUpdate => ({
      type: 'events',
      runId: 'run-1',
      events: seqs.map((seq) => ({
        seq,
        at: '2026-01-01T00:00:00.000Z',
        type: 'progress',
        percent: seq,
        message: null,
      })),
    });
    server.on('watchRuns', (_received, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      const isFirst = server.count('watchRuns').received === 1;
      if (isFirst) outgoing.write(dataOf(snapshot, events(8), events(9)), () => outgoing.destroy());
      else outgoing.write(dataOf(snapshot, events(9), events(9, 10)));
      return outgoing;
    });
    const updates: RunUpdate[] = [];
    for await (const update of client.watch({}, { follow: { run: 'run-1', after: 7 } })) {
      updates.push(update);
      if (updates.length === 5) break;
    }
    expect(updates).toEqual([snapshot, events(8), events(9), snapshot, events(10)]);
    expect(server.received.filter(({ name }) => name === 'watchRuns').map(({ query }) => query)).toEqual([
      { run: ['run-1'], after: ['7'] },
      { run: ['run-1'], after: ['9'] },
    ]);
  });

  it('end when their signal is aborted, without an error', async () => {
    const { server, client } = await serveVerbs();
    const left = Promise.withResolvers<void>();
    server.on('watchRuns', (_received, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).write(dataOf(snapshot));
      void once(outgoing, 'close').then(() => left.resolve());
      return outgoing;
    });
    const controller = new AbortController();
    for await (const update of client.watch({}, { signal: controller.signal })) {
      expect(update).toEqual(snapshot);
      setImmediate(() => controller.abort());
    }
    await left.promise;
    expect(await readAll(client.watch({}, { signal: controller.signal })), 'nor begin').toEqual([]);
  });
});
