import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runEventSchema } from '../../src/contract/event.ts';
import { journals } from '../support/journal.ts';
import { numbered } from '../support/run-events.ts';

const [event] = numbered({ type: 'run.state', state: 'running' });

describe('runEventSchema', () => {
  it('accepts every event of a journal, and loses nothing of it', () => {
    fc.assert(
      fc.property(journals, (events) => {
        for (const one of events) expect(runEventSchema.parse(one)).toEqual(one);
      }),
    );
  });

  it('accepts every event after it went over the wire as JSON', () => {
    fc.assert(
      fc.property(journals, (events) => {
        for (const one of JSON.parse(JSON.stringify(events))) expect(runEventSchema.safeParse(one).success).toBe(true);
      }),
    );
  });

  it('drops a field that it does not know, as an older reader has to', () => {
    expect(runEventSchema.parse({ ...event, fromTheFuture: true })).toEqual(event);
  });

  it.each([
    ['no number', { seq: undefined }],
    ['the number 0', { seq: 0 }],
    ['half a number', { seq: 1.5 }],
    ['no time', { at: undefined }],
    ['a type of its own', { type: 'run.exploded' }],
    ['a state of its own', { state: 'sleeping' }],
  ])('refuses an event with %s', (_what, fields) => {
    expect(runEventSchema.safeParse({ ...event, ...fields }).success).toBe(false);
  });
});
