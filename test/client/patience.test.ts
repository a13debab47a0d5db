import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fetch } from '../../src/client/address.ts';
import { Patience } from '../../src/client/patience.ts';
import { Setback } from '../../src/client/setback.ts';
import { OptioError } from '../../src/errors.ts';
import { openClient, readAll } from '../support/client.ts';
import { frame, journalOf } from '../support/frames.ts';
import { serveInMemory } from '../support/memory-server.ts';
import { INFO } from '../support/route-server.ts';

const JOURNAL = journalOf(2);
const encoder = new TextEncoder();
const bytesAfter = (after: number) => encoder.encode(JOURNAL.slice(after).map(frame).join(''));

describe('the patience of a client', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('waits from one sign of life to the next, and without one for too long makes another connection', async () => {
    let source: ReadableStreamDefaultController<Uint8Array> | undefined;
    const hold = (controller: typeof source) => {
      source = controller;
    };
    const asked: { readonly after: number; readonly signal: AbortSignal | null | undefined }[] = [];
    const fetch = serveInMemory((after, { signal }) => {
      asked.push({ after, signal });
      return new ReadableStream({ start: (controller) => hold(controller) });
    });
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    const events = run.events()[Symbol.asyncIterator]();
    const first = events.next();
    for (let beats = 0; beats < 10; beats++) {
      await vi.advanceTimersByTimeAsync(44_000);
      source?.enqueue(encoder.encode(':\n\n'));
    }
    await vi.advanceTimersByTimeAsync(0);
    source?.enqueue(encoder.encode(frame(JOURNAL[0] as never)));
    expect((await first).value).toEqual(JOURNAL[0]);
    expect(asked.map(({ after }) => after)).toEqual([0]);
    const second = events.next();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(asked[0]?.signal?.aborted, 'the silent connection is let go').toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked.map(({ after }) => after)).toEqual([0, 1]);
    source?.enqueue(bytesAfter(1));
    expect((await second).value).toEqual(JOURNAL[1]);
    await events.return?.();
  });

  it('makes another connection where nobody answers at all', async () => {
    let asked = 0;
    const fetch: Fetch = async (url, init) => {
      const { pathname } = new URL(url);
      if (pathname !== '/api/runs/run-1/events')
        return Response.json(pathname === '/api/server' ? INFO : { id: 'run-1' });
      if (++asked === 1) return new Promise((_, reject) => init.signal?.addEventListener('abort', reject));
      return new Response(ReadableStream.from([bytesAfter(0)]), { headers: { 'content-type': 'text/event-stream' } });
    };
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    const events = readAll(run.events());
    await vi.advanceTimersByTimeAsync(45_100);
    expect(await events).toEqual(JOURNAL);
  });

  it('is as long as it may be, and as long again for whoever gets on', async () => {
    const pauses: number[] = [];
    const patience = new Patience({
      patienceMs: 30_000,
      signal: new AbortController().signal,
      onRetry: ({ waitMs }) => pauses.push(waitMs),
    });
    const setback = new Setback(new OptioError('server-unreachable', 'gone'), { perhapsDone: false });
    const inVain = async () => {
      const before = performance.now();
      for (let tries = 0; tries < 1_000; tries++) {
        const waited = patience.wait(setback).then(
          () => 'on',
          (thrown) => thrown,
        );
        await vi.advanceTimersByTimeAsync(2_000);
        if ((await waited) !== 'on') return { thrown: await waited, ms: performance.now() - before };
      }
      return expect.unreachable('it goes on for ever');
    };
    const first = await inVain();
    expect(first.thrown).toBe(setback.error);
    expect(first.ms).toBeLessThanOrEqual(32_000);
    for (const [index, waitMs] of pauses.slice(0, 5).entries()) {
      expect(waitMs).toBeGreaterThanOrEqual(50 * 2 ** index);
      expect(waitMs).toBeLessThanOrEqual(100 * 2 ** index);
    }
    expect(Math.max(...pauses)).toBeLessThanOrEqual(2_000);
    await expect(patience.wait(setback), 'there is no time left').rejects.toBe(setback.error);
    patience.restart();
    expect((await inVain()).ms).toBeGreaterThan(25_000);
  });

  it('does not end while a stream holds for a while each time, although nothing happens in it', async () => {
    let asked = 0;
    const fetch = serveInMemory(() => {
      const isLast = ++asked === 10;
      const bytes = bytesAfter(0);
      return new ReadableStream({
        start(controller) {
          if (isLast) controller.enqueue(bytes);
          else setTimeout(() => controller.error(new TypeError('terminated')), 20_000);
        },
      });
    });
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    const events = readAll(run.events());
    for (let cuts = 0; cuts < 10; cuts++) await vi.advanceTimersByTimeAsync(22_000);
    expect(await events).toEqual(JOURNAL);
  });

  it.each([
    ['a message that waits for a long time', 'messages', 60_000],
    ['an answer about the outcome that does not come', 'outcome', undefined],
  ])('does not end with %s', async (_what, path, cutAfterMs) => {
    const keys = new Set<string>();
    let asked = 0;
    const fetch: Fetch = async (url, init) => {
      const { pathname } = new URL(url);
      if (!pathname.endsWith(path)) return Response.json(pathname === '/api/server' ? INFO : { id: 'run-1' });
      keys.add(new Headers(init.headers).get('idempotency-key') ?? 'none');
      if (++asked === 10) return Response.json({ turnId: 'turn-1', outcome: { status: 'done' } });
      return new Promise((_, reject) => {
        if (cutAfterMs !== undefined) setTimeout(() => reject(new TypeError('fetch failed')), cutAfterMs);
        init.signal?.addEventListener('abort', reject);
      });
    };
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    const done = path === 'messages' ? run.send('Go on.') : run.outcome;
    for (let cuts = 0; cuts < 10; cuts++) await vi.advanceTimersByTimeAsync(75_000);
    expect(await done).toMatchObject(path === 'messages' ? { id: 'turn-1' } : { status: 'done' });
    expect(asked).toBe(10);
    expect(keys.size).toBe(1);
  });

  it('ends where the server is gone, however long it takes to find out', async () => {
    let isGone = false;
    const fetch: Fetch = async (url) => {
      const { pathname } = new URL(url);
      if (isGone) return new Promise((_, reject) => setTimeout(() => reject(new TypeError('fetch failed')), 60_000));
      return Response.json(pathname === '/api/server' ? INFO : { id: 'run-1' });
    };
    const client = openClient({ url: 'http://127.0.0.1', fetch });
    const run = await client.find('run-1');
    isGone = true;
    const asked = [() => run.view(), () => client.server()].map((ask) =>
      ask().then(
        () => 'there',
        (thrown) => thrown.code,
      ),
    );
    await vi.advanceTimersByTimeAsync(200_000);
    expect(await Promise.all(asked)).toEqual(['server-unreachable', 'server-unreachable']);
  });

  it('does not end while events come, however often the connection is lost', async () => {
    const journal = journalOf(50);
    const fetch = serveInMemory((after) => {
      const bytes = encoder.encode(
        journal
          .slice(after, after + 1)
          .map(frame)
          .join(''),
      );
      return new ReadableStream({
        start(controller) {
          controller.enqueue(bytes);
          setTimeout(() => controller.error(new TypeError('terminated')), 1_000);
        },
      });
    });
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    const events = readAll(run.events());
    for (let cuts = 0; cuts < 60; cuts++) await vi.advanceTimersByTimeAsync(1_100);
    expect(await events).toEqual(journal);
  });
});
