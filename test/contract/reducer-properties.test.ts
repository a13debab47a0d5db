import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../src/contract/view.ts';
import { itemLives, named } from '../support/items.ts';
import { journals } from '../support/journal.ts';
import { numbered } from '../support/run-events.ts';

/** One text for one view, whatever the names of its ids. */
function viewOf(events: readonly RunEvent[], from: RunView = createRunView()): string {
  return JSON.stringify(events.reduce(applyEvent, from));
}

describe('applyEvent, over journals of any kind', () => {
  it('makes a view that can be stored as JSON and taken up again at any event', () => {
    fc.assert(
      fc.property(journals, fc.nat(), (events, at) => {
        const half = at % (events.length + 1);
        const stored: RunView = JSON.parse(viewOf(events.slice(0, half)));
        expect(viewOf(events.slice(half), stored)).toBe(viewOf(events));
      }),
    );
  });

  it('is not changed by events that it contains already', () => {
    fc.assert(
      fc.property(journals, fc.nat(), fc.nat(), (events, at, back) => {
        const half = at % (events.length + 1);
        const again = events.slice(Math.max(0, half - (back % 10)));
        const view = events.slice(0, half).reduce(applyEvent, createRunView());
        expect(viewOf(again, view)).toBe(viewOf(events));
      }),
    );
  });

  it('never changes an event', () => {
    fc.assert(
      fc.property(journals, (events) => {
        const before = JSON.stringify(events);
        viewOf(events);
        expect(JSON.stringify(events)).toBe(before);
      }),
    );
  });

  it('never changes what every object has', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(fc.property(journals, (events) => void viewOf(events)));
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });

  it('shows the same for an item that grew by deltas and for one that came whole', () => {
    const deltas = fc.array(fc.tuple(fc.constantFrom('text', 'summary', 'reasoning', 'output', 'plan'), fc.string()));
    fc.assert(
      fc.property(itemLives, deltas, ({ first, last }, pieces) => {
        const at = { turnId: 't1' };
        const completed: RunEventBody = { type: 'item.completed', ...at, item: named(last, 'i1') };
        const grown: RunEventBody[] = pieces.map(([part, delta]) => ({
          type: 'item.delta',
          ...at,
          itemId: 'i1',
          part,
          delta,
        }));
        const slowly = numbered({ type: 'item.started', ...at, item: named(first, 'i1') }, ...grown, completed);
        expect(JSON.parse(viewOf(slowly)).turns).toEqual(JSON.parse(viewOf(numbered(completed))).turns);
      }),
    );
  });

  it('lists every turn and item once, and each that is listed is there', () => {
    fc.assert(
      fc.property(journals, (events) => {
        const view = events.reduce(applyEvent, createRunView());
        expect(view.turnOrder.toSorted()).toEqual(Object.keys(view.turns).toSorted());
        for (const turn of Object.values(view.turns)) {
          expect(turn.itemOrder.toSorted()).toEqual(Object.keys(turn.items).toSorted());
        }
      }),
    );
  });
});
