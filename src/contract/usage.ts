import { z } from 'zod';

/** Tokens, as the provider reports them. Cached ones are contained in the input, reasoning ones in the output. */
export const tokenUsageSchema = z.object({
  total: z.number(),
  input: z.number(),
  cached: z.number(),
  output: z.number(),
  reasoning: z.number(),
});
export type TokenUsage = z.infer<typeof tokenUsageSchema>;

export const NO_USAGE: TokenUsage = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };

export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    total: a.total + b.total,
    input: a.input + b.input,
    cached: a.cached + b.cached,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

/** What was used between two running totals; never negative, since a new session counts from nothing again. */
export function usageSince(before: TokenUsage, now: TokenUsage): TokenUsage {
  const more = {
    total: now.total - before.total,
    input: now.input - before.input,
    cached: now.cached - before.cached,
    output: now.output - before.output,
    reasoning: now.reasoning - before.reasoning,
  };
  return Object.values(more).some((tokens) => tokens < 0) ? now : more;
}
