import type { ThreadTokenUsage } from './protocol/v2/ThreadTokenUsage.ts';
import type { TokenUsageBreakdown } from './protocol/v2/TokenUsageBreakdown.ts';

/** What follows the newest count of tokens in the file of a thread: a message at most, mostly a line. */
export const USAGE_BYTES = 1024 * 1024;

/** A line of the file in which Codex keeps a thread (0.169.0). */
interface StoredLine {
  readonly type?: unknown;
  readonly payload?: { readonly type?: unknown; readonly info?: StoredInfo | null } | null;
}

interface StoredInfo {
  readonly total_token_usage: StoredTokens;
  readonly last_token_usage: StoredTokens;
  readonly model_context_window?: number | null;
}

interface StoredTokens {
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly cache_write_input_tokens?: number;
  readonly output_tokens: number;
  readonly reasoning_output_tokens: number;
  readonly total_tokens: number;
}

/**
 * What a thread has used, from the end of the file in which Codex keeps it. Codex tells it to those who watch, and
 * tells it again only to those who let it send the whole history with it.
 */
export function storedUsage(end: string): ThreadTokenUsage | undefined {
  for (const line of end.split('\n').reverse()) {
    if (!line.includes('"token_count"')) continue;
    const usage = usageIn(line);
    if (usage) return usage;
  }
  return undefined;
}

function usageIn(line: string): ThreadTokenUsage | undefined {
  try {
    const { type, payload } = JSON.parse(line) as StoredLine;
    if (type !== 'event_msg' || payload?.type !== 'token_count' || !payload.info) return undefined;
    const { total_token_usage, last_token_usage, model_context_window } = payload.info;
    const modelContextWindow = model_context_window ?? null;
    return { total: toBreakdown(total_token_usage), last: toBreakdown(last_token_usage), modelContextWindow };
  } catch {
    return undefined; // the first line may be a part of one
  }
}

function toBreakdown(tokens: StoredTokens): TokenUsageBreakdown {
  return {
    totalTokens: tokens.total_tokens,
    inputTokens: tokens.input_tokens,
    cachedInputTokens: tokens.cached_input_tokens,
    cacheWriteInputTokens: tokens.cache_write_input_tokens ?? 0,
    outputTokens: tokens.output_tokens,
    reasoningOutputTokens: tokens.reasoning_output_tokens,
  };
}
