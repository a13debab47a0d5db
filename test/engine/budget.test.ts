import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView } from '../../src/contract/view.ts';
import { BudgetMeter, usedOf } from '../../src/engine/budget.ts';
import { numbered } from '../support/stored-run.ts';

const turnEnded = (turnId: string, threadId?: string): RunEventBody => {
  return { type: 'turn.ended', turnId, status: 'completed', ...(threadId && { threadId }) };
};
const tokens = (total: number, threadId?: string): RunEventBody => {
  const usage = { total, input: total, cached: 0, output: 0, reasoning: 0 };
  return { type: 'usage.updated', turnId: 'a', total: usage, last: usage, ...(threadId && { threadId }) };
};

describe('a budget', () => {
  it('of turns is used up by turns of the run, and not by those of sub-agents', () => {
    const meter = new BudgetMeter({ turns: 2 });
    expect(meter.onEvent(turnEnded('a'))).toBeUndefined();
    expect(meter.onEvent(turnEnded('x', 'sub-agent'))).toBeUndefined();
    expect(meter.onEvent(turnEnded('b'))).toBe('its 2 turns are used up');
  });

  it('of tokens goes by what the whole thread has used', () => {
    const meter = new BudgetMeter({ tokens: 1_000 });
    expect(meter.onEvent(tokens(999))).toBeUndefined();
    expect(meter.onEvent(tokens(5_000, 'sub-agent'))).toBeUndefined();
    expect(meter.onEvent(tokens(1_001))).toBe('its 1000 tokens are used up');
  });

  it('tells that it is used up once, until it is raised', () => {
    const meter = new BudgetMeter({ turns: 1 });
    expect(meter.onEvent(turnEnded('a'))).toBeDefined();
    expect(meter.onEvent(turnEnded('b'))).toBeUndefined();
    expect(meter.raise({ turns: 2 })).toBe('its 2 turns are used up');
    expect(meter.raise({ turns: 3 })).toBeUndefined();
    expect(meter.onEvent(turnEnded('c'))).toBe('its 3 turns are used up');
  });

  it('keeps the limits that were not raised', () => {
    const meter = new BudgetMeter({ turns: 1, tokens: 10 });
    meter.raise({ turns: 5 });
    expect(meter.budget).toEqual({ turns: 5, tokens: 10 });
    expect(meter.onEvent(tokens(10))).toBe('its 10 tokens are used up');
  });

  it('of time says how much is left, never less than nothing', () => {
    const meter = new BudgetMeter({ wallMs: 5_000 });
    expect(meter.timeLeft(1_000, 2_000)).toBe(4_000);
    expect(meter.timeLeft(1_000, 60_000)).toBe(0);
    expect(meter.onTime()).toBe('its 5 s are used up');
    expect(new BudgetMeter({ turns: 1 }).timeLeft(0, 1)).toBeUndefined();
  });

  it('goes on from what the journal says after a death', () => {
    const view = numbered([
      { type: 'turn.started', turnId: 'a' },
      tokens(70),
      turnEnded('a'),
      { type: 'turn.started', turnId: 'b' },
    ]).reduce(applyEvent, createRunView());
    expect(usedOf(view)).toEqual({ turns: 1, tokens: 70 });
    expect(new BudgetMeter({ turns: 2 }, usedOf(view)).onEvent(turnEnded('b'))).toBeDefined();
  });
});
