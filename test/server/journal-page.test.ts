import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { RunDetails } from '../../src/contract/run-summary.ts';
import { readEnd, readPage } from '../../src/server/journal-page.ts';

/** A run under way that has told so much so far, each as a notice of so many characters; what it tells later never comes. */
function runThatHasTold(count: number, characters = 10): RunHandle {
  const message = 'x'.repeat(characters);
  const told: RunEvent[] = Array.from({ length: count }, (_, at) => {
    return { seq: at + 1, at: 'now', type: 'notice', level: 'info', message };
  });
  return {
    details: async () => ({ lastSeq: count }) as RunDetails,
    async *events({ after = 0 } = {}) {
      yield* told.slice(after);
      await new Promise(() => {});
    },
  } as Pick<RunHandle, 'events'> as RunHandle;
}

const numbersOf = ({ events }: { readonly events: readonly RunEvent[] }) => events.map(({ seq }) => seq);

describe('a page of a journal', () => {
  it('goes on where the one before ended, until there is no more by now', async () => {
    const run = runThatHasTold(5);
    const first = await readPage(run, 0, 3);
    expect([numbersOf(first), first.next]).toEqual([[1, 2, 3], 3]);
    const second = await readPage(run, 3, 3);
    expect([numbersOf(second), second.next]).toEqual([[4, 5], null]);
    expect(await readPage(run, 5, 3)).toEqual({ events: [], next: null });
  });

  it('ends with the event with which it is large', async () => {
    const { events, next } = await readPage(runThatHasTold(10, 3 * 1024 * 1024), 0, 10);
    expect([events.length, next]).toEqual([2, 2]);
  });
});

describe('the end of a journal', () => {
  it('is so many of the newest events, or all where there are no more', async () => {
    expect(numbersOf(await readEnd(runThatHasTold(5), 2))).toEqual([4, 5]);
    expect(numbersOf(await readEnd(runThatHasTold(2), 5))).toEqual([1, 2]);
    expect(await readEnd(runThatHasTold(0), 5)).toEqual({ events: [], next: null });
  });

  it('keeps the newest where not all of them fit into an answer, and one however large it is', async () => {
    expect(numbersOf(await readEnd(runThatHasTold(10, 1.5 * 1024 * 1024), 10))).toEqual([9, 10]);
    expect(numbersOf(await readEnd(runThatHasTold(2, 5 * 1024 * 1024), 2))).toEqual([2]);
  });
});
