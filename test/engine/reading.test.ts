import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { JournalPiece } from '../../src/contract/journal-piece.ts';
import type { ReadOptions } from '../../src/contract/run-handle.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { EventTail } from '../../src/engine/event-tail.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { heap } from '../support/heap.ts';
import { until } from '../support/processes.ts';
import { notice, numbered } from '../support/stored-run.ts';

const READERS = 1_000;
const ROUNDS = 5;

/** Reads until there is no more, or the signal is aborted; resolves with what it has read. */
async function read(events: AsyncIterable<RunEvent>, onEvent = (_: RunEvent) => {}): Promise<number[]> {
  const numbers: number[] = [];
  for await (const event of events) {
    numbers.push(event.seq);
    onEvent(event);
  }
  return numbers;
}

/** An engine with a run that tells something, is idle then, and is another that waits for its begin. */
async function openIdle(): Promise<{ engine: Engine; running: string; waiting: string; lastSeq: number }> {
  const { engine } = await openEngine();
  const task = taskOf(async (context) => {
    for (let index = 0; index < 10; index++) context.emit(notice(`event ${index}`));
    await told(context.signal);
    return done();
  });
  await engine.tasks.define(task);
  const running = (await engine.launch('task')).id;
  const waiting = (await engine.launch('task', { notBefore: new Date(Date.now() + 3_600_000) })).id;
  await until(() => engine.controls.live(running).journal.lastSeq >= 12, 'the last event');
  return { engine, running, waiting, lastSeq: engine.controls.live(running).journal.lastSeq };
}

describe('whoever reads a journal', () => {
  it.each(['running', 'waiting'] as const)('may leave a run that is %s, while nothing happens', async (which) => {
    const idle = await openIdle();
    const leaving = new AbortController();
    const reading = read(idle.engine.runs.events(idle[which], { after: 12, signal: leaving.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    expect(await reading).toEqual([]);
  });

  it.each([
    ['the newest events', (signal: AbortSignal) => tailOf(10, 100).events(0, signal)],
    ['what the store has', (signal: AbortSignal) => tailOf(100, 0).events(0, signal)],
  ])('gets nothing of %s after that', async (_, events) => {
    const leaving = new AbortController();
    const leaveAtFifth = (event: RunEvent) => event.seq === 5 && leaving.abort();
    expect(await read(events(leaving.signal), leaveAtFifth as () => void)).toEqual([1, 2, 3, 4, 5]);
  });

  it('gets nothing at all with a signal that is aborted', async () => {
    const { engine, running } = await openIdle();
    expect(await read(engine.runs.events(running, { signal: AbortSignal.abort() }))).toEqual([]);
  });

  it(`leaves nothing behind, when ${READERS} leave an idle run`, async () => {
    const { engine, running, lastSeq } = await openIdle();
    const come = async (count: number) => {
      const leaving = new AbortController();
      const options: ReadOptions = { signal: leaving.signal };
      let atEnd = 0;
      const onEvent = ({ seq }: RunEvent) => void (seq === lastSeq && atEnd++);
      const readings = Array.from({ length: count }, () => read(engine.runs.events(running, options), onEvent));
      await until(() => atEnd === count, 'the end of what there is');
      return async () => {
        leaving.abort();
        await Promise.all(readings);
      };
    };
    await (await come(READERS))(); // to warm up
    const before = heap();
    for (let round = 0; round < ROUNDS; round++) await (await come(READERS))();
    const each = (heap() - before) / (ROUNDS * READERS);
    expect(each, 'bytes for each who was there').toBeLessThan(150);
  });
});

/** A journal of so many events in the store, and as many more at hand. */
function tailOf(stored: number, atHand: number): EventTail {
  const events = numbered(Array.from({ length: stored + atHand }, (_, index) => notice(`event ${index}`)));
  const tail = new EventTail(
    { readPiece: async (_, after) => JournalPiece.ofEvents(events.slice(after, stored)) },
    'run',
    stored,
  );
  tail.add(events.slice(stored));
  return tail;
}
