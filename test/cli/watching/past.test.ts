import { describe, expect, it } from 'vitest';
import { pastOf } from '../../../src/cli/watching/past.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView } from '../../../src/contract/view.ts';
import { COMMAND_REQUEST, numbered } from '../../support/run-events.ts';

const RUNNING: RunEventBody = { type: 'run.state', state: 'running' };
const PAUSED: RunEventBody = { type: 'run.state', state: 'paused', pause: { reason: 'wish', message: 'wait' } };
const OPENED: RunEventBody = { type: 'request.opened', request: COMMAND_REQUEST };
const ANSWERED: RunEventBody = {
  type: 'request.answered',
  requestId: COMMAND_REQUEST.id,
  answer: { kind: 'decision', behavior: 'allow' },
  by: 'terminal',
};
const begun = (turnId: string, threadId?: string): RunEventBody => {
  return { type: 'turn.started', turnId, ...(threadId && { threadId }) };
};
const interrupted = (turnId: string): RunEventBody => ({ type: 'turn.ended', turnId, status: 'interrupted' });

/** Which of these events are past for whoever comes after the first `seen` of them. */
function past(bodies: readonly RunEventBody[], seen = bodies.length): string[] {
  const events = numbered(...bodies);
  const view = createRunView();
  for (const event of events.slice(0, seen)) applyEvent(view, event);
  const isPast = pastOf(view);
  return events.filter(isPast).map(({ type }) => type);
}

describe('pastOf', () => {
  it('leaves what comes later to whoever watches', () => {
    expect(past([RUNNING, OPENED, ANSWERED], 1)).toEqual(['run.state']);
  });

  it('is true of a request that was answered, and not of one that is open', () => {
    expect(past([OPENED, ANSWERED])).toContain('request.opened');
    expect(past([OPENED])).toEqual([]);
  });

  it('is true of an interrupted turn after which something has gone on, or that nobody can go on with', () => {
    expect(past([RUNNING, begun('t1'), interrupted('t1'), begun('t2')])).toContain('turn.ended');
    expect(past([RUNNING, begun('t1'), PAUSED, interrupted('t1')])).toContain('turn.ended');
    expect(past([begun('t1'), interrupted('t1'), { type: 'run.state', state: 'cancelling' }])).toContain('turn.ended');
  });

  it('is not true of one that stands there, whatever sub-agents did since', () => {
    const events = [RUNNING, begun('t1'), begun('s1', 'sub'), interrupted('t1')];
    expect(past(events)).not.toContain('turn.ended');
  });
});
