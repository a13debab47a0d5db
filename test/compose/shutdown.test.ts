import { describe, expect, it, vi } from 'vitest';
import { readRecord, writeRecord } from '../../src/compose/server-record.ts';
import { Shutdown } from '../../src/compose/shutdown.ts';
import type { CloseOptions, OptioApi } from '../../src/contract/api.ts';
import type { StopServer } from '../../src/contract/server-info.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';
import { detailsOf } from '../support/run-summary.ts';
import { scriptApi } from '../support/scripted-api.ts';

const HOW = { drainMs: 0, cancel: false };
const RECORD = { pid: process.pid, version: '0.1.0', startedAt: '', address: '', isBackground: true };

/** A server with a run under way, whose API is closed when `closed` is resolved, and the steps of its end. */
function begin(more: Partial<OptioApi> = {}) {
  const dataDir = testDirectory();
  writeRecord(dataDir, RECORD);
  const steps: unknown[] = [];
  const closed = Promise.withResolvers<void>();
  closed.promise.catch(() => {}); // before anybody waits for it
  const close = (options?: CloseOptions) => {
    steps.push(['close', options]);
    return closed.promise;
  };
  const { api } = scriptApi({ runs: [detailsOf({ id: 'run-1', state: 'running' })], api: { close, ...more } });
  const shutdown = new Shutdown({
    api,
    dataDir,
    log: { info: () => steps.push('log'), close: () => steps.push('closed log') },
    onBegin: () => steps.push('begin'),
    closeServers: async () => void steps.push('closed servers'),
  });
  return { dataDir, shutdown, steps, closed };
}

describe('the end of a server', () => {
  it('comes once it is told what that leaves, and once: the first one says how', async () => {
    const { dataDir, shutdown, steps, closed } = begin();
    closed.resolve();
    const report = await shutdown.stop();
    expect(report).toEqual({ ...HOW, pid: process.pid, left: ['run-1'], waiting: [], openRequests: 0 });
    expect(steps, 'the answer comes first').toEqual([]);
    expect(await shutdown.stop({ cancel: true })).toBe(report);
    expect(await shutdown.stopped).toBe(report);
    expect(await shutdown.stop()).toBe(report);
    expect(steps).toEqual(['begin', 'log', ['close', { leave: true, drainMs: 0 }], 'closed servers', 'closed log']);
    expect(readRecord(dataDir)).toBeUndefined();
  });

  it.each<[StopServer, CloseOptions]>([
    [{ cancel: true }, { leave: false, drainMs: 0 }],
    [{ drainMs: 5_000 }, { leave: true, drainMs: 5_000 }],
    [
      { cancel: true, drainMs: 5_000 },
      { leave: false, drainMs: 5_000 },
    ],
  ])('goes on answering while what is under way ends: %o', async (how, close) => {
    const { dataDir, shutdown, steps, closed } = begin();
    await shutdown.stop(how);
    await until(() => steps.length === 3, 'the closing');
    expect(steps[2]).toEqual(['close', close]);
    expect(readRecord(dataDir)).toBeDefined();
    closed.resolve();
    await shutdown.stopped;
    expect(steps.slice(3)).toEqual(['closed servers', 'closed log']);
  });

  it('comes sooner, or with a cancel, where it is told so again while it waits; never the other way round', async () => {
    const { shutdown, steps, closed } = begin();
    expect(await shutdown.stop({ drainMs: 3_600_000 })).toMatchObject({ left: ['run-1'], drainMs: 3_600_000 });
    const longer = await shutdown.stop({ drainMs: 7_200_000 });
    expect(longer).toMatchObject({ left: ['run-1'], cancel: false });
    expect(longer.drainMs).toBeLessThanOrEqual(3_600_000);
    expect(await shutdown.stop({ drainMs: 60_000, cancel: true })).toMatchObject({
      left: [],
      drainMs: 60_000,
      cancel: true,
    });
    expect(await shutdown.stop({ drainMs: 50_000 })).toMatchObject({ drainMs: 50_000, cancel: true });
    const last = await shutdown.stop();
    expect(last).toMatchObject({ drainMs: 0, cancel: true });
    await until(() => steps.length === 7, 'all that it is told');
    const closings = steps.flatMap((step) => (Array.isArray(step) ? [step[1]] : []));
    expect([closings[0], ...closings.slice(2)]).toEqual([
      { leave: true, drainMs: 3_600_000 },
      { leave: false, drainMs: 60_000 },
      { leave: false, drainMs: 50_000 },
      { leave: false, drainMs: 0 },
    ]);
    expect(await shutdown.stop({ drainMs: 1_000 }), 'it is too late by now').toBe(last);
    closed.resolve();
    expect(await shutdown.stopped).toBe(last);
  });

  it('can be asked for again when it cannot be told what it leaves', async () => {
    const list = vi.fn().mockRejectedValue(new Error('the store is broken'));
    const { shutdown, steps, closed } = begin({ list });
    closed.resolve();
    await expect(shutdown.stop()).rejects.toThrow('the store is broken');
    list.mockResolvedValue({ runs: [], next: null });
    expect((await shutdown.stop()).left).toEqual([]);
    await shutdown.stopped;
    expect(steps).toContain('closed servers');
  });

  it('tells what went wrong, and answers nobody all the same', async () => {
    const { dataDir, shutdown, steps, closed } = begin();
    closed.reject(new Error('the disk is gone'));
    await shutdown.stop();
    await expect(shutdown.stopped).rejects.toThrow('the disk is gone');
    expect(steps.slice(-2)).toEqual(['closed servers', 'closed log']);
    expect(readRecord(dataDir)).toBeUndefined();
  });
});
