import type { TokenUsage } from '../contract/usage.ts';
import type { TokenUsageBreakdown } from './protocol/v2/TokenUsageBreakdown.ts';

/** Tokens as Codex counts them, in our words. A count that another version leaves out is none. */
export function toUsage(tokens: TokenUsageBreakdown): TokenUsage {
  const count = (value: unknown) => (typeof value === 'number' ? value : 0);
  return {
    total: count(tokens.totalTokens),
    input: count(tokens.inputTokens),
    cached: count(tokens.cachedInputTokens),
    output: count(tokens.outputTokens),
    reasoning: count(tokens.reasoningOutputTokens),
  };
}
