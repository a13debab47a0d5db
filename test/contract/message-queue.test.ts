import { describe, expect, it } from 'vitest';
import { applyToDigest, createDigest, toDigest } from '../../src/contract/digest.ts';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';

const numbered = (bodies: readonly RunEventBody[]): RunEvent[] =>
  bodies.map((body, index) => ({ ...body, seq: index + 1, at: '2026-11-22T10:00:00.000Z' }));
const viewOf = (...bodies: readonly RunEventBody[]) => numbered(bodies).reduce(applyEvent, createRunView());
const countOf = (...bodies: readonly RunEventBody[]) =>
  toDigest(numbered(bodies).reduce(applyToDigest, createDigest())).queued;

const queued = (messageId: string, text = messageId): RunEventBody => ({
  type: 'message.queued',
  messageId,
  text,
  images: [],
});
const sent = (messageId: string): RunEventBody => ({
  ...{ type: 'message.sent', messageId, text: messageId, images: [] },
  steer: false,
});
const idsOf = (...bodies: readonly RunEventBody[]) => viewOf(...bodies).queue.map(({ id }) => id);

describe('the queue in a view', () => {
  it('has what was put there in its order, and a message that is changed in its place', () => {
    const view = viewOf(queued('a'), queued('b'), { type: 'message.held', messageId: 'a' }, queued('a', 'other'));
    expect(view.queue).toEqual([
      { id: 'a', text: 'other', images: [] },
      { id: 'b', text: 'b', images: [] },
    ]);
  });

  it('is put into another order, whatever is named that is not there, and whatever is not named', () => {
    const order: RunEventBody = { type: 'queue.ordered', messageIds: ['c', 'gone', 'a', 'c'] };
    expect(idsOf(queued('a'), queued('b'), queued('c'), queued('d'), order)).toEqual(['c', 'a', 'b', 'd']);
  });

  it('is left by what is sent or taken back, and the message knows that it waited', () => {
    const view = viewOf(queued('a'), queued('b'), sent('a'), { type: 'message.dequeued', messageId: 'b' }, sent('c'));
    expect(view.queue).toEqual([]);
    expect(view.messages.a).toMatchObject({ state: 'sent', wasQueued: true });
    expect(view.messages.c).not.toHaveProperty('wasQueued');
  });

  it('holds a message until it is released', () => {
    const held = [queued('a'), { type: 'message.held', messageId: 'a' }] as const;
    expect(viewOf(...held).queue).toMatchObject([{ isHeld: true }]);
    expect(viewOf(...held, { type: 'message.released', messageId: 'a' }).queue).toEqual(viewOf(queued('a')).queue);
  });

  it('is held by an interrupt no longer than something waits, and by a wish until it is resumed', () => {
    const paused = (reason: 'wish' | 'interrupt') => [queued('a'), { type: 'queue.paused', reason }] as const;
    expect(viewOf(...paused('interrupt')).queuePause).toEqual({ reason: 'interrupt' });
    expect(viewOf(...paused('interrupt'), sent('a')).queuePause).toBe(null);
    expect(viewOf(...paused('wish'), sent('a')).queuePause).toEqual({ reason: 'wish' });
    expect(viewOf(...paused('wish'), { type: 'queue.resumed' }).queuePause).toBe(null);
  });

  it('is counted in the digest', () => {
    expect(countOf(queued('a'), queued('b'), queued('a', 'other'))).toBe(2);
    expect(countOf(queued('a'), queued('b'), sent('a'))).toBe(1);
    expect(countOf(queued('a'), { type: 'message.dequeued', messageId: 'a' })).toBe(0);
  });
});
