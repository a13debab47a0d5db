import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEventBody } from '../../../src/contract/event.ts';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import { streamEvents } from '../../../src/server/event-stream.ts';
import type { StreamEnd } from '../../../src/server/sse-response.ts';
import { until } from '../../support/processes.ts';
import { openSse, type SseReader, serveOnSocket } from '../../support/sse.ts';
import { notice } from '../../support/stored-run.ts';
import { journalOf, openToldRun, type ToldRun } from '../../support/told-run.ts';

const RUNS = 3;
/** Of each run. */
const READERS = 6;
const STOPPED = 2;
/** As much of ours may wait for one of them, in bytes. */
const MAX_WAITING = 256 * 1024;
/** Nobody is cut off after that here. */
const PATIENT_MS = 600_000;

/** Many events of many bytes: far more than the buffers of a connection take. */
const MUCH: RunEventBody[] = Array.from({ length: 1_500 }, (_, index) => notice(`${index} ${'words '.repeat(200)}`));

interface Open {
  readonly response: ServerResponse;
  readonly end: Promise<StreamEnd>;
}

/** Serves the journals of runs by the number in the path; whoever does not read is cut off after so many milliseconds. */
async function serve(handles: readonly RunHandle[]): Promise<{ path: string; opened: Open[] }> {
  const opened: Open[] = [];
  const path = await serveOnSocket((response, { pathname, searchParams: asked }) => {
    const handle = handles[Number(pathname.slice(1))] as RunHandle;
    const [after, stallMs] = [Number(asked.get('after')), Number(asked.get('stall') ?? PATIENT_MS)];
    opened.push({ response, end: streamEvents(response, { handle, after, stallMs }) });
  });
  return { path, opened };
}

async function openRuns(): Promise<ToldRun[]> {
  const first = await openToldRun();
  const runs = [first];
  while (runs.length < RUNS) runs.push(await openToldRun(first.optio));
  return runs;
}

const dataOf = ({ told }: SseReader) => told.flatMap(({ id, data }) => (id === undefined ? [] : [data]));
const lastIdOf = ({ told }: SseReader) => told.findLast(({ id }) => id !== undefined)?.id ?? '0';

/** Reads on after a cut, as often as it takes; resolves with all that was read. */
async function readOn(reader: SseReader, path: string, run: number): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let current = reader; ; ) {
    current.resume();
    await current.ended;
    all.push(...dataOf(current));
    if (current.told.at(-1)?.event === 'end') return all;
    current = await openSse(path, `/${run}?after=${lastIdOf(current)}`);
  }
}

describe('readers of journals', () => {
  it('are told why when they are cut off since they do not read, and miss nothing when they come back', async () => {
    const runs = await openRuns();
    const { path, opened } = await serve(runs.map(({ handle }) => handle));
    const readers: { reader: SseReader; run: number; isStopped: boolean }[] = [];
    for (let index = 0; index < RUNS * READERS; index++) {
      const [run, isStopped] = [index % RUNS, index < RUNS * STOPPED];
      const reader = await openSse(path, `/${run}${isStopped ? '?stall=200' : ''}`);
      if (isStopped) reader.pause();
      readers.push({ reader, run, isStopped });
    }
    const waiting = watchWaiting(opened);
    await Promise.all(runs.map((run) => run.tell(...MUCH)));
    await Promise.all(runs.map((run) => run.end()));
    const others = readers.filter(({ isStopped }) => !isStopped);
    await Promise.all(others.map(({ reader }) => reader.ended));
    const journals = await Promise.all(runs.map(journalOf));
    for (const { reader, run } of others) expect(dataOf(reader)).toEqual(journals[run]);

    const stopped = readers.filter((each) => each.isStopped);
    const ends = await Promise.all(opened.map(({ end }) => end));
    expect(ends.filter(({ how }) => how === 'cut')).toEqual(stopped.map(() => ({ how: 'cut', code: 'overloaded' })));
    expect(ends.filter(({ how }) => how === 'told')).toHaveLength(others.length);
    for (const { reader, run } of stopped) expect(await readOn(reader, path, run)).toEqual(journals[run]);
    expect(waiting()).toBeGreaterThan(0);
    expect(waiting()).toBeLessThan(MAX_WAITING);
  });

  it('read of it when they begin to read in time', async () => {
    const run = await openToldRun();
    const { path, opened } = await serve([run.handle]);
    const reader = await openSse(path, '/0?stall=2000');
    reader.pause();
    await run.tell(...MUCH);
    await until(() => opened[0]?.response.writableEnded === true, 'the cut');
    reader.resume();
    expect(await reader.ended).toBe('whole');
    expect(reader.told.at(-1)).toEqual({
      event: 'cut',
      data: {
        code: 'overloaded',
        message: 'the reader has not taken what waits for it in 2 s',
        after: Number(lastIdOf(reader)),
      },
    });
    await run.end();
    expect(await readOn(reader, path, 0)).toEqual(await journalOf(run));
  });
});

/** The most that has waited in one response, of what is seen between two turns of the event loop. */
function watchWaiting(opened: readonly Open[]): () => number {
  let [most, isOver] = [0, false];
  const look = () => {
    most = Math.max(most, ...opened.map(({ response }) => response.writableLength));
    if (!isOver) setImmediate(look);
  };
  look();
  onTestFinished(() => {
    isOver = true;
  });
  return () => {
    isOver = true;
    return most;
  };
}
