import { describe, expect, it } from 'vitest';
import { storedUsage } from '../../src/codex/stored-usage.ts';

const count = (total: number) =>
  JSON.stringify({
    type: 'event_msg',
    payload: {
      type: 'token_count',
      info: {
        total_token_usage: tokens(total),
        last_token_usage: tokens(1),
        model_context_window: 100,
      },
    },
  });

function tokens(total: number) {
  return {
    input_tokens: 3,
    cached_input_tokens: 2,
    output_tokens: 1,
    reasoning_output_tokens: 0,
    total_tokens: total,
  };
}

const spoken = JSON.stringify({ type: 'event_msg', payload: { type: 'agent_message', message: '"token_count"' } });
const limits = JSON.stringify({ type: 'event_msg', payload: { type: 'token_count', info: null } });

describe('storedUsage', () => {
  it('is the newest count, whatever comes after it', () => {
    expect(storedUsage([count(5), count(7), spoken, limits, ''].join('\n'))).toEqual({
      total: {
        totalTokens: 7,
        inputTokens: 3,
        cachedInputTokens: 2,
        cacheWriteInputTokens: 0,
        outputTokens: 1,
        reasoningOutputTokens: 0,
      },
      last: expect.objectContaining({ totalTokens: 1 }),
      modelContextWindow: 100,
    });
  });

  it('is nothing where no count is whole, or in the form that we know', () => {
    for (const text of ['', spoken, limits, count(5).slice(1), '{"type":"event_msg","payload":"token_count"}']) {
      expect(storedUsage(text), text).toBeUndefined();
    }
    const other = '{"type":"event_msg","payload":{"type":"token_count","info":{"total":5}}}';
    expect(storedUsage(other)).toBeUndefined();
  });
});
