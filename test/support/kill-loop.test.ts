import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { linesOf, lostOf } from './kill-loop.ts';

const delta: RunEventBody = { type: 'item.delta', turnId: 'turn', itemId: 'item', part: 'text', delta: 'a' };
const ended: RunEventBody = { type: 'session.ended' };
const at = '2026-11-24T10:00:00.000Z';
const event = (seq: number, body: RunEventBody): RunEvent => ({ seq, at, ...body });
const marker = (from: number, seq: number) => event(seq, { type: 'journal.compacted', from });

/** What is lost of these that were seen, where those are kept. */
function lost(seen: readonly RunEvent[], kept: readonly RunEvent[]): string[] {
  const shown = new Map(seen.map((each) => [`run ${each.seq}`, JSON.stringify(each)]));
  return lostOf({ seen: shown, changed: [] }, 'run', kept);
}

describe('what the kill loop takes for lost', () => {
  it('is nothing where all is kept, or compacted that may be', () => {
    expect(lost([event(1, ended), event(2, ended)], [event(1, ended), event(2, ended)])).toEqual([]);
    expect(lost([event(1, delta), event(2, delta)], [marker(1, 2), event(3, ended)])).toEqual([]);
    expect(lost([event(2, delta), event(3, delta)], [event(1, ended), marker(2, 3), event(4, ended)])).toEqual([]);
  });

  it('is whatever else a marker has taken the place of', () => {
    const seen = event(2, ended);
    expect(lost([event(1, delta), seen, event(3, delta)], [marker(1, 3)])).toEqual([JSON.stringify(seen)]);
  });

  it('is an event that is gone, or another one by now', () => {
    expect(lost([event(2, ended)], [event(1, ended)])).toEqual([JSON.stringify(event(2, ended))]);
    expect(lost([event(1, ended)], [event(1, delta)])).toEqual([JSON.stringify(event(1, ended))]);
  });

  it('is what a gap has held, also before the first event and before a marker', () => {
    expect(lost([], [event(1, ended), event(3, ended)])).toEqual(['a gap before 3']);
    expect(lost([], [event(2, ended), event(3, ended)])).toEqual(['a gap before 2']);
    expect(lost([], [marker(2, 3)])).toEqual(['a gap before 3']);
    expect(lost([], [event(1, ended), marker(3, 4)])).toEqual(['a gap before 4']);
    expect(lost([], [marker(1, 2), event(4, ended)])).toEqual(['a gap before 4']);
  });

  it('is counted in a line of its own, by which others know it', () => {
    const wrong = { lost: 1, duplicates: 2, orphans: 3, falseEnds: 4 };
    const tally = { kills: 200, ...wrong, writes: 28, moments: new Set(['before 1']), seconds: 250, stories: [] };
    expect(linesOf(tally).split('\n')).toEqual([
      'kills 200 lost 1 duplicates 2 orphans 3 false-ends 4',
      'writes 28 before 1 within 0 after 0 moments 1',
      'seconds 250',
    ]);
  });
});
