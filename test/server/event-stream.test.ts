import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { type EventStreamOptions, streamEvents } from '../../src/server/event-stream.ts';
import type { StreamEnd } from '../../src/server/sse-response.ts';
import { openSse, type SseReader, serveOnSocket } from '../support/sse.ts';
import { notice } from '../support/stored-run.ts';
import { journalOf, openToldRun } from '../support/told-run.ts';

interface Served {
  open(after?: number): Promise<SseReader>;
  /** How the streams ended, in this order. */
  readonly ends: StreamEnd[];
  readonly responses: ServerResponse[];
}

async function serve(options: EventStreamOptions): Promise<Served> {
  const ends: StreamEnd[] = [];
  const responses: ServerResponse[] = [];
  const path = await serveOnSocket((response, { searchParams }) => {
    responses.push(response);
    const after = Number(searchParams.get('after'));
    void streamEvents(response, { after, ...options }).then((end) => ends.push(end));
  });
  return { open: (after = 0) => openSse(path, `/?after=${after}`), ends, responses };
}

/** The events among what was told. */
function eventsOf({ told }: SseReader): unknown[] {
  return told.flatMap(({ id, data }) => (id === undefined ? [] : [data]));
}

describe('the journal as server-sent events', () => {
  it('is the same for whoever reads from the beginning, comes late, or goes on after a number', async () => {
    const run = await openToldRun();
    const { open, ends } = await serve({ handle: run.handle });
    const early = await open();
    await run.tell(...Array.from({ length: 700 }, (_, index) => notice(`event ${index}`)));
    const torn = await open();
    await torn.has(200);
    torn.leave();
    const resumed = await open(Number(torn.told.at(-1)?.id));
    await run.tell(...Array.from({ length: 100 }, (_, index) => notice(`more ${index}\n\nid: 7`)));
    await run.end();
    const late = await open();
    expect(await Promise.all([early, resumed, late].map(({ ended }) => ended))).toEqual(['whole', 'whole', 'whole']);
    const journal = await journalOf(run);
    expect(journal.length).toBeGreaterThan(800);
    expect(eventsOf(early)).toEqual(journal);
    expect(eventsOf(late)).toEqual(journal);
    expect([...eventsOf(torn), ...eventsOf(resumed)]).toEqual(journal);
    expect(early.told.slice(0, -1).map(({ id }) => id)).toEqual(journal.map(({ seq }) => String(seq)));
    for (const reader of [early, resumed, late]) expect(reader.told.at(-1)).toEqual({ event: 'end', data: {} });
    expect(ends.map(({ how }) => how).sort()).toEqual(['left', 'told', 'told', 'told']);
  });

  it('is nothing that anybody may keep, show or hold back', async () => {
    const { handle } = await openToldRun();
    const reader = await (await serve({ handle })).open();
    expect(reader).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  });

  it('has ended for whoever has all of it', async () => {
    const run = await openToldRun();
    await run.end();
    const { open } = await serve({ handle: await run.optio.find(run.handle.id) });
    const reader = await open((await journalOf(run)).length);
    expect(await reader.ended).toBe('whole');
    expect(reader.told).toEqual([{ event: 'end', data: {} }]);
  });

  it('says something now and then while nothing happens', async () => {
    const { handle } = await openToldRun();
    const reader = await (await serve({ handle, heartbeatMs: 5 })).open();
    const told = await reader.has(4);
    expect(told.slice(2, 4)).toEqual([{ comment: '' }, { comment: '' }]);
  });

  it('is cut off with a reason when the server closes, and goes on after the last number', async () => {
    const run = await openToldRun();
    const closing = new AbortController();
    const { open, ends } = await serve({ handle: run.handle, closing: closing.signal });
    const reader = await open();
    await reader.has(2);
    closing.abort();
    expect(await reader.ended).toBe('whole');
    expect(reader.told[2]).toEqual({
      event: 'cut',
      data: { code: 'aborted', message: 'the server is stopping', after: 2 },
    });
    expect(ends).toEqual([{ how: 'cut', code: 'aborted' }]);
    const tooLate = await open();
    expect(await tooLate.ended).toBe('whole');
    expect(tooLate.told).toMatchObject([{ event: 'cut', data: { code: 'aborted' } }]);
  });

  it('is cut off and not ended when this process leaves the run to another', async () => {
    const run = await openToldRun();
    const reader = await (await serve({ handle: run.handle })).open();
    await reader.has(2);
    run.handle.outcome.catch(() => {});
    await run.optio.close({ leave: true });
    expect(await reader.ended).toBe('whole');
    expect(reader.told.at(-1)).toMatchObject({ event: 'cut', data: { code: 'aborted', after: 2 } });
  });

  it.each([
    [new OptioError('store-failed', 'the disk is broken'), { code: 'store-failed', message: 'the disk is broken' }],
    [new TypeError('secret is not a function'), { code: 'internal', message: 'the server has made a mistake' }],
  ])('is cut off with a reason when it cannot be read: %s', async (error, data) => {
    const { handle } = await openToldRun();
    async function* events() {
      yield* [];
      throw error;
    }
    const reader = await (await serve({ handle: { ...handle, events } })).open();
    expect(await reader.ended).toBe('whole');
    expect(reader.told).toEqual([{ event: 'cut', data }]);
  });
});
