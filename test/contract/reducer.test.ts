import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { messagesOf } from '../../src/contract/so-far.ts';
import { createRunView, openRequests, type RunView } from '../../src/contract/view.ts';
import { COMMAND_REQUEST, numbered, SESSION_STARTED } from '../support/run-events.ts';

function view(...bodies: readonly RunEventBody[]): RunView {
  return numbered(...bodies).reduce(applyEvent, createRunView());
}

const USAGE = { total: 12, input: 10, cached: 4, output: 2, reasoning: 1 };
const turn = { turnId: 't1' };
const started: RunEventBody = { type: 'turn.started', ...turn };
const message = (text: string) => ({ kind: 'agentMessage', id: 'i1', text }) as const;

describe('applyEvent on the run as a whole', () => {
  it('counts the events', () => {
    expect(view(started, { type: 'session.ended' }).seq).toBe(2);
  });

  it('follows the state', () => {
    expect(view({ type: 'run.state', state: 'running' }).state).toBe('running');
  });

  it('takes state and outcome from the end of the run', () => {
    const outcome = { status: 'failed', text: '', durationMs: 3, usage: USAGE, turns: 1 } as const;
    expect(view({ type: 'run.ended', outcome })).toMatchObject({ state: 'failed', outcome });
  });

  it('keeps what the session said of itself', () => {
    const { login, sandbox } = SESSION_STARTED;
    expect(view(SESSION_STARTED).session).toMatchObject({ threadId: 'thread-1', login, sandbox });
  });

  it.each<RunEventBody>([
    { type: 'session.ended' },
    { type: 'session.reconnected', reason: 'torn' },
    { type: 'codex.notification', method: 'x/y', params: {} },
  ])('shows nothing of $type', (body) => {
    expect({ ...view(body), seq: 0 }).toEqual(createRunView());
  });

  it('takes the controls from the session as it began, and follows those of the own thread only', () => {
    const begun = { model: 'scripted', effort: null, approvalPolicy: 'on-request', profile: 'locked' };
    expect(view(SESSION_STARTED).controls).toEqual(begun);
    expect(view({ ...SESSION_STARTED, effort: 'low' }).controls).toEqual({ ...begun, effort: 'low' });
    const controls = { model: 'newer', effort: 'high', approvalPolicy: 'never', profile: ':read-only' };
    const updated = { type: 'settings.updated', ...controls } as const;
    expect(view(SESSION_STARTED, updated).controls).toEqual(controls);
    expect(view(SESSION_STARTED, { ...updated, threadId: 'sub-agent' }).controls).toEqual(begun);
    expect(view(SESSION_STARTED, updated).session?.sandbox).toEqual(SESSION_STARTED.sandbox);
  });

  it('takes the controls anew from a session that goes on in another process, but for an effort that it does not know', () => {
    const controls = { model: 'newer', effort: 'high', approvalPolicy: 'never', profile: 'locked' };
    const again = { ...SESSION_STARTED, model: 'newer', isResumed: true };
    const resumed = view(SESSION_STARTED, { type: 'settings.updated', ...controls }, again);
    expect(resumed.controls).toEqual({ ...controls, approvalPolicy: 'on-request' });
    const begun = view(SESSION_STARTED, { type: 'settings.updated', ...controls }, { ...again, isResumed: false });
    expect(begun.controls?.effort).toBeNull();
  });

  it('keeps the newest 200 notices', () => {
    const notices = Array.from({ length: 201 }, (_, index) => {
      return { type: 'notice', level: 'info', message: `${index}` } as const;
    });
    const kept = view(...notices).notices;
    expect(kept).toHaveLength(200);
    expect(kept[0]).toEqual({ level: 'info', message: '1', remedy: null });
  });

  it('takes usage from the own thread only, and keeps a context window that is not told again', () => {
    const usage = { type: 'usage.updated', ...turn, total: USAGE, last: USAGE } as const;
    const more = { ...USAGE, total: 99 };
    const seen = view(
      { ...usage, contextWindow: 1000 },
      { ...usage, total: more },
      { ...usage, threadId: 'sub-agent' },
    );
    expect(seen).toMatchObject({ usage: more, contextWindow: 1000 });
  });

  it('takes the plan of the own thread only', () => {
    const steps = [{ step: 'look', status: 'pending' as const }];
    const other: RunEventBody = { type: 'plan.updated', ...turn, threadId: 'sub-agent', steps: [] };
    expect(view({ type: 'plan.updated', ...turn, steps }, other).plan).toEqual(steps);
  });
});

describe('applyEvent on messages', () => {
  const sent: RunEventBody = { type: 'message.sent', messageId: 'm1', text: 'Hi', images: [], steer: false };
  const refused: RunEventBody = {
    type: 'message.refused',
    messageId: 'm1',
    error: { code: 'turn-rejected', message: 'no' },
  };

  it('shows how far a message came', () => {
    expect(view(sent).messages.m1).toMatchObject({ text: 'Hi', state: 'sent', turnId: null });
    const accepted = { type: 'message.accepted', messageId: 'm1', turnId: 't1' } as const;
    expect(view(sent, accepted).messages.m1).toMatchObject({ state: 'accepted', turnId: 't1' });
    expect(view(sent, refused).messages.m1).toMatchObject({ state: 'refused', turnId: null });
  });

  it('leaves a message taken when its acceptance is told after that', () => {
    const taken = { type: 'message.taken', messageId: 'm1', turnId: 't1' } as const;
    const late = { type: 'message.accepted', messageId: 'm1', turnId: 't2' } as const;
    expect(view(sent, taken, late).messages.m1).toMatchObject({ state: 'taken', turnId: 't1' });
  });

  it('knows in which order they were sent, whatever they are called, and however often one was', () => {
    const named = (messageId: string) => ({ ...sent, messageId });
    const messages = messagesOf(view(named('b'), named('7'), named('a'), named('1'), named('b')));
    expect(messages.map(([id]) => id)).toEqual(['b', '7', 'a', '1']);
  });

  it('does not invent a message that it never saw', () => {
    expect(view({ type: 'message.taken', messageId: 'm9', turnId: 't1' }).messages).toEqual({});
  });
});

describe('applyEvent on requests', () => {
  const opened: RunEventBody = { type: 'request.opened', request: COMMAND_REQUEST };
  const answer = { kind: 'decision', behavior: 'allow' } as const;

  it('lists the open requests, oldest first', () => {
    const second = { ...COMMAND_REQUEST, id: 'r2' };
    const seen = view(opened, { type: 'request.opened', request: second });
    expect(openRequests(seen)).toEqual([COMMAND_REQUEST, second]);
  });

  it('keeps the answer and who gave it', () => {
    const seen = view(opened, { type: 'request.answered', requestId: 'r1', answer, by: 'ada' });
    expect(seen.requests.r1).toMatchObject({ state: 'answered', answer, by: 'ada' });
    expect(openRequests(seen)).toEqual([]);
  });

  it('shows a request that nobody was asked as denied by the sandbox', () => {
    const seen = view({ type: 'request.refused', request: COMMAND_REQUEST, reason: 'it is denied' });
    const answer = { kind: 'decision', behavior: 'deny', message: 'it is denied' };
    expect(seen.requests.r1).toMatchObject({ state: 'answered', answer, by: 'guard' });
    expect(openRequests(seen)).toEqual([]);
  });

  it('leaves an answered request answered when it is closed after that', () => {
    const answered: RunEventBody = { type: 'request.answered', requestId: 'r1', answer, by: 'ada' };
    const closed: RunEventBody = { type: 'request.closed', requestId: 'r1', reason: 'resolvedElsewhere' };
    expect(view(opened, closed).requests.r1?.state).toBe('closed');
    expect(view(opened, answered, closed).requests.r1?.state).toBe('answered');
  });
});

describe('applyEvent on turns', () => {
  it('lists turns in the order in which they began, with the thread of a sub-agent', () => {
    const seen = view({ type: 'turn.started', turnId: '9' }, { type: 'turn.started', turnId: '1', threadId: 'sub' });
    expect(seen.turnOrder).toEqual(['9', '1']);
    expect(seen.turns['1']).toMatchObject({ status: 'running', threadId: 'sub' });
    expect(seen.turns['9']?.threadId).toBeNull();
  });

  it('shows a turn whose beginning was not told', () => {
    const seen = view({ type: 'diff.updated', ...turn, diff: '+a' });
    expect(seen.turns.t1).toMatchObject({ status: 'running', diff: '+a' });
  });

  it('shows that the model is asked again until something comes', () => {
    const retrying: RunEventBody = { type: 'turn.retrying', ...turn, message: 'overloaded' };
    expect(view(started, retrying).turns.t1?.retrying).toBe('overloaded');
    const next: RunEventBody = { type: 'item.started', ...turn, item: message('') };
    expect(view(started, retrying, next).turns.t1?.retrying).toBeNull();
    const ended: RunEventBody = { type: 'turn.ended', ...turn, status: 'failed', error: 'gone' };
    expect(view(started, retrying, ended).turns.t1).toMatchObject({ retrying: null, status: 'failed', error: 'gone' });
  });

  it.each(['constructor', '__proto__', 'toString'])('takes "%s" for an id like any other', (turnId) => {
    const item = { kind: 'agentMessage', id: turnId, text: 'Hi' } as const;
    const seen = view({ type: 'turn.started', turnId }, { type: 'item.completed', turnId, item });
    expect(seen.turnOrder).toEqual([turnId]);
    expect(seen.turns[turnId]).toMatchObject({ status: 'running', itemOrder: [turnId] });
    expect(seen.turns[turnId]?.items[turnId]).toEqual({ item, isOpen: false });
    expect({}).not.toHaveProperty('status');
  });
});
