import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { JournalPiece, jsonOfUpdate } from '../../src/contract/journal-piece.ts';
import type { RunUpdate } from '../../src/contract/run-update.ts';

const at = '2026-11-24T10:00:00.000Z';
const events: RunEvent[] = [
  { seq: 7, at, type: 'notice', level: 'info', message: 'a "quoted" \u2028 line, é, 😀' },
  { seq: 8, at, type: 'run.state', state: 'cancelling' },
];
const json = Buffer.from(JSON.stringify(events));
const textOf = (update: RunUpdate) => Buffer.concat(jsonOfUpdate(update)).toString();

describe('a piece of a journal', () => {
  it.each([
    ['JSON', JournalPiece.ofJson(json, events.at(-1))],
    ['events', JournalPiece.ofEvents(events)],
  ])('made of %s has the same events, as they are and as JSON', (_, piece) => {
    expect(piece.lastSeq).toBe(8);
    expect(piece.isEnd).toBe(false);
    expect(JSON.parse(Buffer.from(piece.json).toString())).toEqual(events);
    expect(piece.events).toEqual(events);
    const update = piece.toUpdate('run "1"');
    const told = { type: 'events', runId: 'run "1"', events };
    expect(update).toEqual(told);
    expect(JSON.parse(JSON.stringify(update))).toEqual(told);
    expect(JSON.parse(textOf(update))).toEqual(told);
    expect(textOf(update)).toBe(JSON.stringify(told));
  });

  it('may be empty, or the last', () => {
    expect(JournalPiece.ofEvents([])).toMatchObject({ lastSeq: undefined, isEnd: false, events: [] });
    expect(JournalPiece.ofJson(json, { seq: 8, type: 'run.ended' }).isEnd).toBe(true);
  });
});

it('any other update is told as it is', () => {
  const update: RunUpdate = { type: 'events', runId: 'run', events };
  expect(textOf(update)).toBe(JSON.stringify(update));
});
