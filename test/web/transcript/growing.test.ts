import { createRequire } from 'node:module';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { Journal } from '../../../web/src/live/journal.ts';
import type { RunRecord } from '../../../web/src/live/run-record.ts';
import { Blocks } from '../../../web/src/run/transcript/markdown/blocks.ts';
import { Rows } from '../../../web/src/run/transcript/rows.ts';
import { journalOf, recordOf } from './journals.ts';
import { largeJournal } from './large-journal.ts';

// The page has packages of its own.
const { Lexer } = createRequire(new URL('../../../web/package.json', import.meta.url))('marked') as {
  readonly Lexer: { readonly prototype: { blockTokens(text: string): unknown } };
};

/** A paragraph, a list and some code, again and again. */
const TEXT = 'Some words of a paragraph.\n\n- one\n- two\n\n```ts\nconst one = 1;\n```\n\n'.repeat(500);

/** The text as far as it has come, each time that some more of it comes. */
function* pieces(step: number): Generator<string> {
  for (let end = step; end <= TEXT.length; end += step) yield TEXT.slice(0, end);
}

describe('a message that grows', () => {
  it('has no more than its end read again for each piece, however long it is', () => {
    const read = vi.spyOn(Lexer.prototype, 'blockTokens');
    onTestFinished(() => read.mockRestore());
    const blocks = new Blocks();
    const lengths: number[] = [];
    for (const text of pieces(20)) {
      read.mockClear();
      blocks.of(text, false);
      lengths.push(read.mock.calls.reduce((sum, [given]) => sum + given.length, 0));
    }
    expect(lengths.length).toBeGreaterThan(1_500);
    expect(Math.min(...lengths)).toBeGreaterThan(0);
    expect(Math.max(...lengths)).toBeLessThan(400);
  });

  it('has no more than its last two blocks drawn anew for each piece', () => {
    const blocks = new Blocks();
    let before: readonly string[] = [];
    let most = 0;
    for (const text of pieces(20)) {
      const now = blocks.of(text, false);
      most = Math.max(most, now.filter((raw, at) => raw !== before[at]).length);
      before = now;
    }
    expect(before.length).toBe(1_500);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(3); // one of them was not there before
  });

  it('makes one row anew for each piece, among ten thousand', () => {
    const begun: RunEventBody[] = [
      { type: 'turn.started', turnId: 'last' },
      { type: 'item.started', turnId: 'last', item: { kind: 'agentMessage', id: 'grows', text: '' } },
    ];
    const events = journalOf(...largeJournal(10_000).slice(0, -2), ...begun);
    const record = recordOf(events);
    const rows = new Rows(record, () => false);
    let before = new Set(rows.all(0));
    const anew: string[] = [];
    for (let piece = 1; piece <= 50; piece++) {
      record.apply({
        ...{ type: 'item.delta', turnId: 'last', itemId: 'grows', part: 'text', delta: 'word ' },
        ...{ seq: events.length + piece, at: 'now' },
      } as Parameters<typeof record.apply>[0]);
      const now = rows.all(0);
      anew.push(...now.filter((row) => !before.has(row)).map(({ key }) => key));
      before = new Set(now);
    }
    expect(before.size).toBeGreaterThan(10_000);
    expect(anew).toEqual(Array(50).fill('grows'));
  });
});

describe('the journal of a run that is opened', () => {
  it('is shown once all is there that had happened by then, and then with each event', () => {
    const events = journalOf(...largeJournal(100).slice(0, -2));
    const journal = new Journal('run-1');
    const newest = events.length - 10;
    const shown: number[] = [];
    for (const event of events) {
      if (event.seq === 20) journal.catchUpTo(newest);
      journal.apply(event);
      shown.push(journal.shown.value);
    }
    expect(shown.slice(0, newest - 1).every((seq) => seq === 0)).toBe(true);
    expect(shown.slice(newest - 1)).toEqual(events.slice(newest - 1).map(({ seq }) => seq));
  });

  it('is its end until all is there, made of its newest events alone', () => {
    const events = journalOf(...largeJournal(100).slice(0, -1));
    const journal = new Journal('run-1');
    for (const event of events.slice(0, 50)) journal.apply(event);
    journal.takeEnd(events.slice(-40));
    expect([journal.isCaughtUp.value, journal.shown.value, journal.end.value?.view.seq]).toEqual([
      false,
      0,
      events.length,
    ]);
    const keysOf = (record: RunRecord) => new Rows(record, () => false).all(0).map(({ key }) => key);
    const end = keysOf(journal.end.value ?? expect.fail('there is no end'));
    for (const event of events) journal.apply(event);
    expect(journal.isCaughtUp.value).toBe(true);
    expect(keysOf(journal).slice(-end.length)).toEqual(end);
  });

  it('is whole at once where its newest events are all of them', () => {
    const events = journalOf(...largeJournal(10).slice(0, -1));
    const journal = new Journal('run-1');
    journal.takeEnd(events);
    expect([journal.isCaughtUp.value, journal.shown.value, journal.end.value]).toEqual([true, events.length, null]);
    const empty = new Journal('run-1');
    empty.takeEnd([]);
    expect([empty.isCaughtUp.value, empty.end.value]).toEqual([true, null]);
  });

  it('is shown at once where nobody could say how much had happened, and where the run is over', () => {
    const events = journalOf(...largeJournal(10));
    const unknown = new Journal('run-1');
    unknown.apply(events[0] as (typeof events)[0]);
    unknown.catchUpTo(0);
    expect(unknown.shown.value).toBe(1);
    const over = new Journal('run-1');
    for (const event of events) over.apply(event);
    expect(over.shown.value).toBe(events.length);
  });
});
