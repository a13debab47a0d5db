import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../../src/contract/view.ts';
import { putInto } from '../../../web/src/run/composer/editing.ts';
import { isOutgoing, notArrived, type OutgoingMessage, renewed } from '../../../web/src/run/composer/outgoing.ts';
import {
  hasToWait,
  placeBefore,
  refusedLast,
  runningTurn,
  saidIn,
  whoSends,
} from '../../../web/src/run/composer/queue.ts';

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

const queued: RunEventBody = { type: 'message.queued', messageId: 'a', text: 'x', images: [] };
const a: OutgoingMessage = { id: 'a', text: 'text of a', to: 'queue' };
const b: OutgoingMessage = { id: 'b', text: 'text of b', to: 'codex' };

describe('a message', () => {
  it('goes to Codex at once where nothing is under way, and otherwise waits', () => {
    expect(hasToWait(viewAfter(...underWay))).toBe(false);
    expect(hasToWait(viewAfter())).toBe(true);
    expect(hasToWait(viewAfter({ type: 'run.state', state: 'running' }))).toBe(true);
    expect(hasToWait(viewAfter(...underWay, { type: 'run.state', state: 'paused' }))).toBe(true);
    expect(hasToWait(viewAfter(...underWay, sent))).toBe(true);
    expect(hasToWait(viewAfter(...underWay, sent, turn, taken))).toBe(true);
    expect(hasToWait(viewAfter(...underWay, sent, turn, taken, turnEnded))).toBe(false);
  });

  it('does not wait for what Codex was given for a turn that has ended before it was taken', () => {
    const steered: RunEventBody = { type: 'message.sent', messageId: 's', text: 'Mind it', images: [], steer: true };
    const accepted: RunEventBody = { type: 'message.accepted', messageId: 's', turnId: 'turn' };
    const begun = [...underWay, sent, turn, taken, steered, accepted];
    expect(hasToWait(viewAfter(...begun))).toBe(true);
    expect(hasToWait(viewAfter(...begun, turnEnded))).toBe(false);
  });

  it('does not wait for a sub-agent', () => {
    const view = viewAfter(...underWay, { type: 'turn.started', turnId: 'other', threadId: 'sub' });
    expect(runningTurn(view)).toBeUndefined();
    expect(hasToWait(view)).toBe(false);
  });

  it('says of pictures alone that it is these', () => {
    expect(saidIn({ text: 'Look', images: ['a.png'] })).toBe('Look');
    expect(saidIn({ text: '', images: ['a.png'] })).toBe('1 picture');
    expect(saidIn({ text: '', images: ['a.png', 'b.png'] })).toBe('2 pictures');
  });
});

describe('what is on its way', () => {
  it('is kept until the journal has it, waiting or sent, and when it was refused', () => {
    const outgoing = [a, b];
    expect(notArrived(outgoing, viewAfter(...underWay))).toBe(outgoing);
    expect(notArrived(outgoing, viewAfter(...underWay, queued))).toEqual([b]);
    expect(notArrived(outgoing, viewAfter(...underWay, sent))).toEqual([b]);
    const view = viewAfter(...underWay, sent, refused);
    expect(notArrived(outgoing, view)).toBe(outgoing);
    expect(renewed(outgoing, view, () => 'new').map(({ id }) => id)).toEqual(['new', 'b']);
  });

  it('is not there yet where it waits and is to go into the turn', () => {
    const steering: OutgoingMessage = { ...a, to: 'turn' };
    expect(notArrived([steering], viewAfter(...underWay, queued))).toEqual([steering]);
    expect(notArrived([steering], viewAfter(...underWay, queued, sent))).toEqual([]);
  });

  it('is read again only where it is that, or the queue that an earlier page has kept', () => {
    const earlier = { id: 'c', text: 'x', steer: false, images: ['a.png'], isHeld: true };
    expect(isOutgoing(JSON.parse(JSON.stringify([a, b, earlier])))).toBe(true);
    for (const other of [[{ ...a, images: 'a.png' }], [{ ...a, images: [1] }], null, {}, [1], [{ id: 1 }], [null], 'x'])
      expect(isOutgoing(other)).toBe(false);
  });
});

describe('the queue', () => {
  it('is put in another order by saying before which one a message comes', () => {
    const ids = ['a', 'b', 'c'];
    expect([placeBefore(ids, 'c', -1), placeBefore(ids, 'a', 1), placeBefore(ids, 'b', 1)]).toEqual(['b', 'c', null]);
  });

  it('is not said to be sent past what somebody holds', () => {
    const [held, free] = [{ isHeld: true }, {}];
    expect(whoSends([free])).toBe('The server sends it, also when this page is closed.');
    expect(whoSends([free, free])).toBe('The server sends them, also when this page is closed.');
    expect(whoSends([free, held])).toContain('up to the one that is held');
    expect(whoSends([held, free])).toBe('The first is held: nothing is sent until somebody lets it go.');
    expect(whoSends([held])).toBe('It is held: nothing is sent until somebody lets it go.');
  });

  it('keeps what is being changed while another message is changed, too', () => {
    const editing = (id: string, draft: string) => ({ id, draft, was: id, images: [] });
    const both = putInto(putInto([], editing('a', 'mine')), editing('b', 'b'));
    expect(putInto(both, editing('b', 'more'))).toEqual([editing('a', 'mine'), editing('b', 'more')]);
  });

  it('offers again what Codex has refused, until something else was sent', () => {
    const view = viewAfter(...underWay, queued, sent, refused);
    expect(refusedLast(view)).toMatchObject({ id: 'a', text: 'x', refusal: 'no' });
    expect(refusedLast(viewAfter(...underWay, sent, refused))).toBeUndefined();
    expect(refusedLast(viewAfter(...underWay, queued, sent, refused, { ...sent, messageId: 'b' }))).toBeUndefined();
    expect(refusedLast(viewAfter())).toBeUndefined();
  });
});
