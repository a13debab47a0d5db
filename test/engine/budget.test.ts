import { describe, expect, it } from 'vitest';
import type { Budget } from '../../src/contract/budget.ts';
import type { RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import { BudgetMeter } from '../../src/engine/budget.ts';
import { TestClock } from '../support/clock.ts';
import { numbered } from '../support/stored-run.ts';

const turnStarted = (turnId: string, threadId?: string): RunEventBody => {
  return { type: 'turn.started', turnId, ...(threadId && { threadId }) };
};
const tokens = (total: number, threadId?: string): RunEventBody => {
  const usage = { total, input: total, cached: 0, output: 0, reasoning: 0 };
  return { type: 'usage.updated', turnId: 'a', total: usage, last: usage, ...(threadId && { threadId }) };
};

/** A meter of a run that is under way, and what it has told. */
function meterOf(budget: Budget) {
  const clock = new TestClock('2026-03-01T00:00:00.000Z');
  const told: string[] = [];
  const meter = new BudgetMeter(budget, { clock, onReached: (reached) => told.push(reached) });
  meter.begin();
  return { meter, clock, told };
}

describe('a budget', () => {
  it('of turns lets no other one begin once they are used up; those of sub-agents do not count', () => {
    const { meter, told } = meterOf({ turns: 2 });
    for (const turn of [turnStarted('a'), turnStarted('x', 'sub-agent')]) meter.onEvent(turn);
    expect(meter.beforeTurn()).toBeUndefined();
    meter.onEvent(turnStarted('b'));
    expect(meter.beforeTurn()).toBe('its budget of 2 turns is used up');
    expect(told, 'the second may end').toEqual([]);
  });

  it('of turns tells of one too many, which somebody else has begun on the thread', () => {
    const { meter, told } = meterOf({ turns: 1 });
    for (const turn of [turnStarted('a'), turnStarted('b')]) meter.onEvent(turn);
    expect(told).toEqual(['more than its 1 turn has begun']);
  });

  it('of tokens goes by what all threads have used, those of sub-agents too', () => {
    const { meter, told } = meterOf({ tokens: 1_000 });
    for (const used of [tokens(500), tokens(600), tokens(399, 'sub-agent')]) meter.onEvent(used);
    expect(told).toEqual([]);
    meter.onEvent(tokens(400, 'sub-agent'));
    expect(told).toEqual(['its budget of 1000 tokens is used up']);
    expect(meter.beforeTurn()).toBe('its budget of 1000 tokens is used up');
    const single = meterOf({ tokens: 1 });
    single.meter.onEvent(tokens(1));
    expect(single.told).toEqual(['its budget of 1 token is used up']);
  });

  it('of tokens counts a new thread of the run besides the one before', () => {
    const { meter, told } = meterOf({ tokens: 1_000 });
    const started = (threadId: string) => ({ type: 'session.started', threadId }) as RunEventBody;
    for (const event of [started('one'), tokens(700), started('two'), tokens(299)]) meter.onEvent(event);
    expect(told).toEqual([]);
    meter.onEvent(tokens(300));
    expect(told).toHaveLength(1);
  });

  it('of time runs while the run does, and not while it is paused', () => {
    const { meter, clock, told } = meterOf({ wallMs: 5_000 });
    clock.pass(3_000);
    meter.rest();
    clock.pass(60_000);
    meter.begin();
    clock.pass(1_999);
    expect(told).toEqual([]);
    clock.pass(1);
    expect(told).toEqual(['its budget of 5 s is used up']);
  });

  it('of time is neither longer nor shorter when the clock is set', () => {
    const { clock, told } = meterOf({ wallMs: 5_000 });
    clock.set('2026-03-01T01:00:00.000Z');
    clock.set('2026-02-28T23:00:00.000Z');
    clock.pass(4_999);
    expect(told).toEqual([]);
    clock.pass(1);
    expect(told).toHaveLength(1);
  });

  it('is told to be used up once, and again when another one is', () => {
    const { meter, told } = meterOf({ tokens: 10 });
    for (const used of [tokens(10), tokens(11)]) meter.onEvent(used);
    expect(told).toHaveLength(1);
    meter.budget = { tokens: 20 };
    expect(meter.beforeTurn()).toBeUndefined();
    meter.onEvent(tokens(20));
    expect(told).toEqual(['its budget of 10 tokens is used up', 'its budget of 20 tokens is used up']);
  });

  it('goes on from what the journal says after a death', () => {
    const view = numbered([
      { type: 'run.state', state: 'running' },
      turnStarted('a'),
      tokens(70),
      turnStarted('x', 'sub-agent'),
      tokens(20, 'sub-agent'),
    ]).reduce(applyEvent, createRunView());
    const { meter, told } = meterOf({ turns: 1, tokens: 100 });
    meter.takeUp(view);
    expect(meter.beforeTurn()).toBe('its budget of 1 turn is used up');
    meter.onEvent(tokens(80));
    expect(told).toEqual(['its budget of 100 tokens is used up']);
  });

  it('counts the time while nobody watched, as far as the clock can be trusted', () => {
    const view = createRunView();
    Object.assign(view, { activeMs: 1_000, activeSince: '2026-02-28T23:59:58.000Z' });
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const told: string[] = [];
    const meter = new BudgetMeter({ wallMs: 5_000 }, { clock, onReached: (reached) => told.push(reached) });
    meter.takeUp(view);
    meter.begin();
    clock.pass(1_999);
    expect(told).toEqual([]);
    clock.pass(1);
    expect(told).toHaveLength(1);
  });
});
