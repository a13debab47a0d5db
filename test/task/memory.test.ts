import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { SessionControls } from '../../src/task/context.ts';
import type { MemoryRun } from '../../src/task/memory.ts';
import { failureOf } from '../support/failure.ts';
import { endRun, makeRun, readEvents } from '../support/memory-run.ts';

function notice(run: MemoryRun, message: string): void {
  run.emit({ type: 'notice', level: 'info', message });
}

describe('the journal of MemoryRun', () => {
  it('numbers events from 1 without gaps, with the time they were written', async () => {
    const run = makeRun();
    notice(run, 'a');
    endRun(run);
    const events = await readEvents(run);
    expect(events.map((event) => event.seq)).toEqual([1, 2]);
    expect(events[0]?.at).toBe(new Date(events[0]?.at ?? '').toISOString());
  });

  it('gives readers that come at any time every event once, in order', async () => {
    const run = makeRun();
    const readers: Promise<RunEvent[]>[] = [];
    for (let count = 0; count < 50; count++) {
      readers.push(readEvents(run, Math.floor(count / 2)));
      notice(run, `${count}`);
      if (count % 7 === 0) await Promise.resolve(); // some readers come up to date in between, and some do not
    }
    endRun(run);
    for (const [index, events] of (await Promise.all(readers)).entries()) {
      const after = Math.floor(index / 2);
      expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 51 - after }, (_, at) => after + at + 1));
    }
  });

  it('waits for the event after a number that is not reached yet', async () => {
    const run = makeRun();
    const events = readEvents(run, 2);
    for (const message of ['a', 'b', 'c']) notice(run, message);
    endRun(run);
    expect((await events).map((event) => event.seq)).toEqual([3, 4]);
  });

  it('ends at once for a reader that has read to the end of the run', async () => {
    const run = makeRun();
    endRun(run);
    await expect(readEvents(run, 1)).resolves.toEqual([]);
  });

  it('does not wait for a slow reader', async () => {
    const run = makeRun();
    const slow = run.events()[Symbol.asyncIterator]();
    notice(run, 'a');
    await slow.next();
    for (let count = 0; count < 1000; count++) notice(run, 'more');
    endRun(run);
    await expect(readEvents(run)).resolves.toHaveLength(1002);
    expect((await slow.next()).value).toMatchObject({ seq: 2 });
  });
});

describe('a journal of MemoryRun beyond its bound', () => {
  it('forgets the older half, and numbers on', async () => {
    const run = makeRun({ maxJournalSize: 1000 });
    for (let count = 0; count < 100; count++) notice(run, 'x'.repeat(50));
    endRun(run);
    const kept = await readEvents(run, 99);
    expect(kept.map((event) => event.seq)).toEqual([100, 101]);
  });

  it('tells a reader that fell behind', async () => {
    const run = makeRun({ maxJournalSize: 1000 });
    const slow = run.events()[Symbol.asyncIterator]();
    notice(run, 'x'.repeat(50));
    await slow.next();
    for (let count = 0; count < 100; count++) notice(run, 'x'.repeat(50));
    await expect(slow.next()).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('event 2') });
  });

  it('keeps the newest event, however large it is', async () => {
    const run = makeRun({ maxJournalSize: 1000 });
    const read = readEvents(run);
    notice(run, 'x'.repeat(5000));
    await Promise.resolve();
    endRun(run);
    await expect(read).resolves.toHaveLength(2);
  });
});

describe('the session behind MemoryRun', () => {
  const controls: SessionControls = {
    send: async () => ({ turnId: 't1' }),
    interrupt: async () => {},
    finish: () => {},
    requestModelChange: () => {},
    requestEffortChange: () => {},
  };

  it('is not ready before it is served, and not after it was taken back', () => {
    const run = makeRun();
    const notReady = expect.objectContaining({ code: 'conversation-not-ready', remedy: expect.any(String) });
    expect(() => run.controls).toThrow(notReady);
    const takeBack = run.serve(controls);
    expect(run.controls).toBe(controls);
    takeBack();
    expect(() => run.controls).toThrow(notReady);
  });

  it('stays when the one before it is taken back', () => {
    const run = makeRun();
    const takeBackFirst = run.serve({ ...controls });
    run.serve(controls);
    takeBackFirst();
    expect(run.controls).toBe(controls);
  });

  it('hears that the run is cancelled, and why', () => {
    const run = makeRun();
    expect(run.signal.aborted).toBe(false);
    run.cancel('enough');
    expect(run.signal.reason).toMatchObject({ code: 'aborted', message: 'enough' });
  });
});

describe('what a MemoryRun has no engine for', () => {
  it('begins no children, and says who would', async () => {
    const run = makeRun();
    expect(await failureOf(run.runChild())).toMatchObject({ code: 'launch-refused', reason: 'not-launchable' });
    expect(await failureOf(run.runChildren())).toMatchObject({ remedy: 'Launch it with the engine.' });
  });

  it('tells how far it is as it is told', async () => {
    const run = makeRun();
    run.progress(120, 'more than all');
    expect((await run.history()).progress).toEqual({ percent: 100, message: 'more than all' });
  });
});
