import { describe, expect, it } from 'vitest';
import { RunStatus } from '../../../src/cli/conversation/run-status.ts';
import { type StatusOptions, statusLine } from '../../../src/cli/conversation/status-line.ts';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { columnsOf } from '../../../src/cli/terminal/word-wrap.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { numbered, SESSION_STARTED } from '../../support/run-events.ts';

const style = styleFor({ isTTY: false }, {});
const total = { total: 1234, input: 1000, cached: 0, output: 234, reasoning: 0 };
const RUNNING: RunEventBody[] = [{ type: 'run.state', state: 'running' }, SESSION_STARTED];
const TURNING: RunEventBody[] = [...RUNNING, { type: 'turn.started', turnId: 't1' }];
const USED: RunEventBody = { type: 'usage.updated', turnId: 't1', total, last: total };

function statusOf(...bodies: readonly RunEventBody[]): RunStatus {
  const status = new RunStatus();
  for (const event of numbered(...bodies)) status.apply(event);
  return status;
}

function line(bodies: readonly RunEventBody[], more: Partial<StatusOptions> = {}): string {
  const now = Date.parse('2026-11-22T10:01:05.000Z');
  const options = { activity: 'running ls', asked: null, unsent: 0, hint: undefined, width: 100, now, style };
  return statusLine({ status: statusOf(...bodies), ...options, ...more });
}

describe('statusLine', () => {
  it.each<[string, readonly RunEventBody[], RegExp]>([
    ['scheduled', [], /^. waiting for its turn to begin$/],
    ['starting', [{ type: 'run.state', state: 'starting' }], /^. starting codex$/],
    ['between turns', RUNNING, /^● waiting for your message · scripted · 1 min 05 s$/],
    ['in a turn', [...TURNING, USED], /^. running ls · scripted · 1,234 tokens · 1 min 05 s$/],
    ['paused', [...RUNNING, { type: 'run.state', state: 'paused' }], /^‖ paused: \/resume goes on · scripted/],
    ['cancelling', [...TURNING, { type: 'run.state', state: 'cancelling' }], /^. stopping codex · /],
    ['at its end', [...RUNNING, { type: 'session.ended' }], /^. clearing up · /],
  ])('says where a run is: %s', (_what, bodies, text) => {
    expect(line(bodies)).toMatch(text);
  });

  it('says that somebody is waited for, and for which of several', () => {
    expect(line(TURNING, { asked: { position: 1, open: 1 } })).toMatch(/^\? waiting for you · /);
    expect(line(TURNING, { asked: { position: 2, open: 3 } })).toMatch(/^\? waiting for you \(2 of 3\) · /);
  });

  it('says first what the person should know next', () => {
    expect(line(TURNING, { hint: 'look', unsent: 1 })).toMatch(/running ls · look · 1 message on the way · scripted/);
    expect(line(TURNING, { unsent: 2 })).toContain('2 messages on the way');
  });

  it('stays within its row, and leaves out what matters least', () => {
    for (const width of [100, 50, 30, 20, 8, 2]) {
      const text = line([...TURNING, USED], { width, activity: '日本語 running' });
      expect(columnsOf(text)).toBeLessThan(width);
    }
    expect(line([...TURNING, USED], { width: 30 })).toMatch(/^. running ls · scripted$/);
  });
});

describe('RunStatus', () => {
  it('knows the turn of its own thread, and no other', () => {
    expect(statusOf(...RUNNING, { type: 'turn.started', turnId: 't2', threadId: 'other' }).isTurning).toBe(false);
    expect(statusOf(...TURNING).isTurning).toBe(true);
    const other: RunEventBody = { type: 'turn.ended', turnId: 't2', threadId: 'other', status: 'completed' };
    expect(statusOf(...TURNING, other).isTurning).toBe(true);
    expect(statusOf(...TURNING, { type: 'turn.ended', turnId: 't1', status: 'completed' }).isTurning).toBe(false);
  });

  it('knows the model and the effort that hold now', () => {
    const settings = { type: 'settings.updated', effort: 'high', approvalPolicy: 'never', profile: null } as const;
    const status = statusOf(...RUNNING, { ...settings, model: 'other' }, { ...settings, model: 'no', threadId: 'sub' });
    expect([status.model, status.effort]).toEqual(['other', 'high']);
  });

  it('adds up what all of its threads have used', () => {
    expect(statusOf(...TURNING, USED, { ...USED, threadId: 'sub' }, USED).tokens).toBe(2468);
  });

  it('waits for no message after the turn with which the run is over, unless that was interrupted', () => {
    const endsAfter = (status: 'completed' | 'interrupted') => {
      const run = new RunStatus({ endsWithTurn: true });
      for (const event of numbered(...TURNING, { type: 'turn.ended', turnId: 't1', status })) run.apply(event);
      return run.isEnding;
    };
    expect([endsAfter('completed'), endsAfter('interrupted')]).toEqual([true, false]);
  });

  it('begins anew with a session that follows another', () => {
    const status = statusOf(...TURNING, { type: 'session.ended' }, SESSION_STARTED);
    expect([status.isEnding, status.isTurning]).toEqual([false, false]);
  });
});
