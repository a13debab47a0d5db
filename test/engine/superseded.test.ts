import { expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { Superseded } from '../../src/engine/superseded.ts';
import type { JournalRange } from '../../src/store/store.ts';
import { supersededRanges } from '../support/compacted.ts';
import { notice, numbered } from '../support/stored-run.ts';

const delta = (itemId: string): RunEventBody => {
  return { type: 'item.delta', turnId: 'turn', itemId, part: 'text', delta: 'x' };
};
const completed = (id: string): RunEventBody => {
  return { type: 'item.completed', turnId: 'turn', item: { kind: 'agentMessage', id, text: 'xx' } };
};
const sizeOf = (ranges: readonly JournalRange[]) => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

it('gives what can be replaced in pieces, so that none of it has to be remembered to the end', () => {
  const ids = Array.from({ length: 30_000 }, (_, index) => `item ${index}`);
  const events = numbered(ids.flatMap((id) => [delta(id), delta(id), completed(id)]));
  const superseded = new Superseded();
  const pieces = events.map((event) => superseded.take(event)).filter((ranges) => ranges.length > 0);
  expect(pieces.length).toBeGreaterThan(1);
  expect(sizeOf([...pieces.flat(), ...superseded.end()])).toBe(60_000);
});

it('leaves behind the older stretches of what grows for too long, and finds the newer ones', () => {
  const alternating = Array.from({ length: 20_000 }, () => [delta('a'), delta('a'), notice('between')]).flat();
  const found = sizeOf(supersededRanges(numbered([...alternating, completed('a')])));
  expect(found).toBeGreaterThan(4_096);
  expect(found).toBeLessThan(2 * 8_192);
});

it('makes one stretch of a progress that is told a hundred thousand times', () => {
  const told = Array.from({ length: 100_000 }, (): RunEventBody => ({ type: 'progress', percent: 1, message: null }));
  const events: RunEvent[] = numbered(told);
  expect(supersededRanges(events)).toEqual([{ from: 1, to: 99_999 }]);
});

it('takes a single event where that told much, and leaves a short one', () => {
  const long = { ...delta('long'), delta: 'x'.repeat(300) } as RunEventBody;
  const events = numbered([delta('short'), completed('short'), long, completed('long')]);
  expect(supersededRanges(events)).toEqual([{ from: 3, to: 3 }]);
});
