import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../../src/contract/view.ts';
import {
  edited,
  held,
  isQueue,
  moved,
  nextToSend,
  notSent,
  type QueuedMessage,
  renewed,
  runningTurn,
  saidIn,
  without,
} from '../../../web/src/run/composer/queue.ts';

const message = (id: string, steer = false): QueuedMessage => ({ id, text: `text of ${id}`, steer });
const [a, b, c] = [message('a'), message('b'), message('c')];

/** What one sees of a run in which this has happened, one after the other. */
function viewAfter(...bodies: RunEventBody[]): RunView {
  const view = createRunView();
  for (const [at, body] of bodies.entries()) applyEvent(view, { seq: at + 1, at: '2026-01-01T00:00:00Z', ...body });
  return view;
}

const session: RunEventBody = {
  type: 'session.started',
  threadId: 'thread',
  isResumed: false,
  codexVersion: '1',
  model: 'm',
  login: 'none',
  workspace: { path: '/w', kind: 'fresh' },
  sandbox: { mode: 'workspace-write', isolation: 'standard', network: false, profile: null, approvalPolicy: 'never' },
};
const underWay: RunEventBody[] = [{ type: 'run.state', state: 'running' }, session];
const sent: RunEventBody = { type: 'message.sent', messageId: 'a', text: 'x', images: [], steer: false };
const turn: RunEventBody = { type: 'turn.started', turnId: 'turn' };
const taken: RunEventBody = { type: 'message.taken', messageId: 'a', turnId: 'turn' };
const turnEnded: RunEventBody = { type: 'turn.ended', turnId: 'turn', status: 'completed' };
const refused: RunEventBody = {
  type: 'message.refused',
  messageId: 'a',
  error: { code: 'turn-rejected', message: 'no' },
};

describe('what is sent next', () => {
  it('is the first message, once the run is under way', () => {
    expect(nextToSend([a, b], viewAfter(...underWay))).toBe(a);
    expect(nextToSend([], viewAfter(...underWay))).toBeUndefined();
    // What somebody changes is not sent as it was, and nothing overtakes it.
    expect(nextToSend(held([a, b], a.id, true), viewAfter(...underWay))).toBeUndefined();
    expect(nextToSend(edited(held([a], a.id, true), a.id, 'new'), viewAfter(...underWay))).toMatchObject({
      text: 'new',
    });
    expect(nextToSend([a], viewAfter())).toBeUndefined();
    expect(nextToSend([a], viewAfter({ type: 'run.state', state: 'running' }))).toBeUndefined();
    expect(nextToSend([a], viewAfter(...underWay, { type: 'run.state', state: 'paused' }))).toBeUndefined();
  });

  it('waits for the end of the turn, and for a message that will begin one', () => {
    expect(nextToSend([b], viewAfter(...underWay, sent))).toBeUndefined();
    expect(nextToSend([b], viewAfter(...underWay, sent, turn, taken))).toBeUndefined();
    expect(nextToSend([b], viewAfter(...underWay, sent, turn, taken, turnEnded))).toBe(b);
  });

  it('does not wait where it goes into the running turn, and comes before what waits', () => {
    const steering = message('s', true);
    expect(nextToSend([b, steering], viewAfter(...underWay, sent, turn, taken))).toBe(steering);
  });

  it('does not wait for what Codex was given for a turn that has ended before it was taken', () => {
    const steered: RunEventBody = { type: 'message.sent', messageId: 's', text: 'Mind it', images: [], steer: true };
    const accepted: RunEventBody = { type: 'message.accepted', messageId: 's', turnId: 'turn' };
    const begun = [...underWay, sent, turn, taken, steered, accepted];
    expect(nextToSend([b], viewAfter(...begun))).toBeUndefined();
    expect(nextToSend([b], viewAfter(...begun, turnEnded))).toBe(b);
  });

  it('does not wait for a sub-agent', () => {
    const view = viewAfter(...underWay, { type: 'turn.started', turnId: 'other', threadId: 'sub' });
    expect(runningTurn(view)).toBeUndefined();
    expect(nextToSend([b], view)).toBe(b);
  });
});

describe('the queue', () => {
  it('is without what the journal has, but keeps what was refused', () => {
    const queue = [a, b];
    expect(notSent(queue, viewAfter(...underWay, sent))).toEqual([b]);
    expect(notSent(queue, viewAfter(...underWay))).toBe(queue);
    const view = viewAfter(...underWay, sent, refused);
    expect(notSent(queue, view)).toBe(queue);
    expect(renewed(queue, view, () => 'new').map(({ id }) => id)).toEqual(['new', 'b']);
    expect(nextToSend(queue, view)).toBe(a);
  });

  it('can be put in another order, changed, and thinned', () => {
    expect(moved([a, b, c], 'c', -1)).toEqual([a, c, b]);
    expect(moved([a, b, c], 'a', 1)).toEqual([b, a, c]);
    for (const [id, step] of [
      ['a', -1],
      ['c', 1],
      ['nobody', 1],
    ] as const)
      expect(moved([a, b, c], id, step)).toEqual([a, b, c]);
    expect(without([a, b], 'a')).toEqual([b]);
    expect(edited([a, b], 'b', 'other')).toEqual([a, { ...b, text: 'other' }]);
  });

  it('says of pictures alone that it is these', () => {
    expect(saidIn({ text: 'Look', images: ['a.png'] })).toBe('Look');
    expect(saidIn({ text: '', images: ['a.png'] })).toBe('1 picture');
    expect(saidIn({ text: '', images: ['a.png', 'b.png'] })).toBe('2 pictures');
  });

  it('is read again only where it is one', () => {
    expect(isQueue(JSON.parse(JSON.stringify([a, { ...b, images: ['a.png'] }])))).toBe(true);
    for (const other of [[{ ...a, images: 'a.png' }], [{ ...a, images: [1] }], null, {}, [1], [{ id: 1 }], [null], 'x'])
      expect(isQueue(other)).toBe(false);
  });
});
