import { describe, expect, it } from 'vitest';
import { toUsage } from '../../src/codex/usage.ts';

describe('toUsage', () => {
  it('finds our words for the tokens, and takes a count that another version leaves out for none', () => {
    const tokens = {
      totalTokens: 5,
      inputTokens: 4,
      cachedInputTokens: 3,
      outputTokens: 1,
      reasoningOutputTokens: 'x',
    };
    expect(toUsage(tokens as never)).toEqual({ total: 5, input: 4, cached: 3, output: 1, reasoning: 0 });
    expect(toUsage({} as never)).toEqual({ total: 0, input: 0, cached: 0, output: 0, reasoning: 0 });
  });
});
