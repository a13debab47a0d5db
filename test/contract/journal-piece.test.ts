import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { JournalPiece, textOfUpdate } from '../../src/contract/journal-piece.ts';
import type { RunUpdate } from '../../src/contract/run-update.ts';

const at = '2026-11-24T10:00:00.000Z';
const events: RunEvent[] = [
  { seq: 7, at, type: 'notice', level: 'info', message: 'a "quoted" \u2028 line, é, 😀' },
  { seq: 8, at, type: 'run.state', state: 'cancelling' },
];
const rows = events.map(({ seq, at: time, ...body }) => ({ seq, at: time, body: JSON.stringify(body) }));

describe('a piece of a journal', () => {
  it.each([
    ['rows', JournalPiece.ofRows(rows)],
    ['events', JournalPiece.ofEvents(events)],
  ])('made of %s has the same events, as they are and as text', (_, piece) => {
    expect(piece.lastSeq).toBe(8);
    expect(piece.isEnd).toBe(false);
    expect(JSON.parse(piece.text)).toEqual(events);
    expect(piece.events).toEqual(events);
    const update = piece.toUpdate('run "1"');
    const told = { type: 'events', runId: 'run "1"', events };
    expect(update).toEqual(told);
    expect(JSON.parse(JSON.stringify(update))).toEqual(told);
    expect(JSON.parse(textOfUpdate(update))).toEqual(told);
    expect(textOfUpdate(update)).toBe(JSON.stringify(told));
  });

  it('may be empty, or the last', () => {
    expect(JournalPiece.ofRows([])).toMatchObject({ lastSeq: undefined, isEnd: false, events: [] });
    const body = JSON.stringify({ type: 'run.ended', outcome: {} });
    expect(JournalPiece.ofRows([{ seq: 1, at, body }]).isEnd).toBe(true);
  });
});

it('any other update is told as it is', () => {
  const update: RunUpdate = { type: 'events', runId: 'run', events };
  expect(textOfUpdate(update)).toBe(JSON.stringify(update));
});
