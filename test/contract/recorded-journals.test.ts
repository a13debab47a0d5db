import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RunEvent, runEventSchema } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView, openRequests, type RunView } from '../../src/contract/view.ts';
import { compacted } from '../support/compacted.ts';

// Recorded by scripts/record-journals.ts: real runs of the real codex.
const JOURNALS = join(import.meta.dirname, 'journals');
const names = readdirSync(JOURNALS).map((file) => file.replace('.json', ''));

function read(name: string): RunEvent[] {
  return JSON.parse(readFileSync(join(JOURNALS, `${name}.json`), 'utf8'));
}

function viewOf(events: readonly RunEvent[], from = createRunView()): RunView {
  return events.reduce(applyEvent, from);
}

describe.each(names)('the journal of a run that was %s', (name) => {
  const events = read(name);
  const whole = JSON.stringify(viewOf(read(name)));
  const splits = Array.from({ length: events.length + 1 }, (_, at) => at);

  it('is as the contract says, numbered without a gap, and ends with its end', () => {
    expect(events.map((event) => runEventSchema.parse(event))).toEqual(events);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toBe('run.ended');
  });

  it('makes a view that can be stored as JSON and taken up again at any event', () => {
    for (const at of splits) {
      const stored: RunView = JSON.parse(JSON.stringify(viewOf(events.slice(0, at))));
      expect(JSON.stringify(viewOf(events.slice(at), stored)), `at ${at}`).toBe(whole);
    }
  });

  it('is not changed by events that come again, wherever a reader comes back', () => {
    for (const at of splits) {
      const view = viewOf(events.slice(0, at));
      expect(JSON.stringify(viewOf(events.slice(Math.max(0, at - 20)), view)), `at ${at}`).toBe(whole);
    }
  });

  it('shows the same when it is compacted, of whatever it had by then', () => {
    for (const at of splits) {
      const view = viewOf(compacted(events.slice(0, at)));
      expect(view, `at ${at}`).toEqual(viewOf(events.slice(0, at)));
      expect(JSON.stringify(viewOf(events.slice(at), view)), `at ${at}`).toBe(whole);
    }
  });

  it('is not changed by being looked at', () => {
    viewOf(events);
    expect(events).toEqual(read(name));
  });

  it('leaves nothing open, and lists each turn and item once', () => {
    const view = viewOf(events);
    expect(openRequests(view)).toEqual([]);
    expect(view.turnOrder.toSorted()).toEqual(Object.keys(view.turns).toSorted());
    for (const turn of Object.values(view.turns)) {
      expect(turn.status).not.toBe('running');
      expect(turn.itemOrder.toSorted()).toEqual(Object.keys(turn.items).toSorted());
      expect(Object.values(turn.items).filter(({ isOpen }) => isOpen)).toEqual([]);
    }
  });
});

it('the journals are of all that a run may come to', () => {
  const all = names.flatMap(read);
  const types: readonly RunEvent['type'][] = all.map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining<RunEvent['type']>([
      ...(['turn.retrying', 'item.dropped', 'item.delta', 'plan.updated', 'diff.updated'] as const),
      ...(['settings.updated', 'request.opened', 'request.answered', 'request.closed', 'session.ended'] as const),
    ]),
  );
  const states = all.flatMap((event) => (event.type === 'run.state' ? [event.state] : []));
  expect(states).toContain('paused');
  expect(all.some((event) => event.type === 'session.started' && event.isResumed)).toBe(true);
  expect(all.some((event) => event.type === 'turn.started' && event.threadId !== undefined)).toBe(true);
});

it('the controls of a run follow what Codex said of them last', () => {
  const { controls, session } = viewOf(read('interrupted'));
  expect(controls).toEqual({ model: 'another', effort: null, approvalPolicy: 'never', profile: 'locked' });
  expect(session).not.toHaveProperty('model');
  expect(viewOf(read('work')).controls).toMatchObject({ effort: 'low', approvalPolicy: 'on-request' });
});
