import { expect, it, vi } from 'vitest';
import { applyToDigest, createDigest } from '../../src/contract/digest.ts';
import { Counters } from '../../src/engine/counters.ts';
import { LiveDigest } from '../../src/engine/live-digest.ts';
import { numbered, SESSION_STARTED } from '../support/run-events.ts';

const of = (total: number) => ({ total, input: total, cached: 0, output: 0, reasoning: 0 });
const EVENTS = numbered(
  SESSION_STARTED,
  { type: 'usage.updated', turnId: 't', total: of(10), last: of(10) },
  { type: 'usage.updated', turnId: 't', total: of(15), last: of(5) },
  { type: 'usage.updated', turnId: 't', total: of(18), last: of(3) },
);

it('a digest says nothing until the history is known, and has then what came meanwhile, once', () => {
  const [counters, onChange] = [new Counters(), vi.fn()];
  const digest = new LiveDigest({ isNew: false, counters, onChange });
  digest.take(EVENTS.slice(2));
  expect([digest.current, digest.after(EVENTS), onChange.mock.calls.length]).toEqual([undefined, undefined, 0]);
  digest.goOn(EVENTS.slice(0, 3).reduce(applyToDigest, createDigest()));
  expect(digest.current).toMatchObject({ tokens: 18 });
  expect([counters.usage.total, counters.events]).toEqual([3, 1]);
  expect(onChange).toHaveBeenCalled();
});

it('what it will have come to changes nothing of what it has', () => {
  const digest = new LiveDigest({ isNew: true, counters: new Counters() });
  digest.take(EVENTS.slice(0, 2));
  expect(digest.after(EVENTS.slice(2))).toMatchObject({ tokens: 18 });
  expect(digest.current).toMatchObject({ tokens: 10 });
});
