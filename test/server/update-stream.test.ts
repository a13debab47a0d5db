import { describe, expect, it } from 'vitest';
import type { OptioApi } from '../../src/contract/api.ts';
import type { RunUpdate } from '../../src/contract/run-update.ts';
import { OptioError } from '../../src/errors.ts';
import type { StreamEnd, StreamOptions } from '../../src/server/sse-response.ts';
import { streamUpdates } from '../../src/server/update-stream.ts';
import { until } from '../support/processes.ts';
import { openSse, type SseReader, serveOnSocket } from '../support/sse.ts';

type Watch = OptioApi['watch'];

const SNAPSHOT: RunUpdate = { type: 'snapshot', runs: [], requests: [], isPartial: false };
const removed = (id: string): RunUpdate => ({ type: 'removed', id });

/** Says these, and nothing more until nobody reads any more. */
function saying(updates: readonly RunUpdate[], onLeft = () => {}): Watch {
  return async function* (_, { signal } = {}) {
    yield* updates;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    onLeft();
  };
}

async function serve(watch: Watch, options: StreamOptions = {}) {
  const ends: StreamEnd[] = [];
  const path = await serveOnSocket((response) => {
    void streamUpdates(response, { api: { watch }, ...options }).then((end) => ends.push(end));
  });
  return { open: (): Promise<SseReader> => openSse(path), ends };
}

describe('what changes in all runs, as server-sent events', () => {
  it('is a snapshot and what comes after it, and nothing of it is there when the reader has left', async () => {
    let left = 0;
    const { open, ends } = await serve(saying([SNAPSHOT, removed('run-1')], () => left++));
    const reader = await open();
    expect(await reader.has(2)).toEqual([{ data: SNAPSHOT }, { data: removed('run-1') }]);
    expect(left).toBe(0);
    reader.leave();
    await until(() => ends.length === 1, 'the end of the stream');
    expect([left, ends]).toEqual([1, [{ how: 'left' }]]);
  });

  it('leaves nothing of what knows of no signal either', async () => {
    const over = Promise.withResolvers<IteratorResult<RunUpdate>>();
    const watch: Watch = () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => over.promise,
        async return() {
          over.resolve({ done: true, value: undefined });
          return over.promise;
        },
      }),
    });
    const { open, ends } = await serve(watch);
    (await open()).leave();
    await until(() => ends.length === 1, 'the end of the stream');
    await over.promise;
  });

  it('goes by the filter that it is given', async () => {
    const asked: unknown[] = [];
    const watch: Watch = async function* (filter) {
      asked.push(filter);
      yield SNAPSHOT;
    };
    const path = await serveOnSocket((response) => {
      void streamUpdates(response, { api: { watch }, filter: { taskId: 'nightly' } });
    });
    await (await openSse(path)).ended;
    expect(asked).toEqual([{ taskId: 'nightly' }]);
  });

  it('is asked for no faster than it is read', async () => {
    let asked = 0;
    const watch: Watch = async function* (_, { signal } = {}) {
      for (; !signal?.aborted && asked < 2_000; asked++) {
        yield removed(`${asked} ${'x'.repeat(1_000)}`);
        await new Promise(setImmediate);
      }
    };
    const { open, ends } = await serve(watch, { stallMs: 300 });
    const reader = await open();
    reader.pause();
    await until(() => asked > 0, 'the first update');
    await until(() => ends.length === 1, 'the cut');
    expect(ends).toEqual([{ how: 'cut', code: 'overloaded' }]);
    expect(asked).toBeLessThan(1_000);
  });

  it('is cut off with a reason when the server closes', async () => {
    const closing = new AbortController();
    const { open } = await serve(saying([SNAPSHOT]), { closing: closing.signal });
    const reader = await open();
    await reader.has(1);
    closing.abort();
    expect(await reader.ended).toBe('whole');
    expect(reader.told[1]).toEqual({ event: 'cut', data: { code: 'aborted', message: 'the server is stopping' } });
  });

  it('is cut off with a reason when it cannot be read', async () => {
    const { open } = await serve(async function* () {
      yield SNAPSHOT;
      throw new OptioError('store-failed', 'the disk is broken');
    });
    const reader = await open();
    expect(await reader.ended).toBe('whole');
    expect(reader.told[1]).toEqual({ event: 'cut', data: { code: 'store-failed', message: 'the disk is broken' } });
  });

  it('says something now and then while nothing happens', async () => {
    const { open } = await serve(saying([]), { heartbeatMs: 5 });
    expect((await (await open()).has(2)).slice(0, 2)).toEqual([{ comment: '' }, { comment: '' }]);
  });
});
