import { z } from 'zod';
import { runStateSchema } from './outcome.ts';

const count = z.number().int().nonnegative();

/** What has been going on. Counts are since this process has begun, unless told otherwise. */
export const statsSchema = z.object({
  /** How many runs there are, by state. */
  runs: z.record(runStateSchema, count),
  /** How many runs this process works on. */
  liveRuns: count,
  launched: count,
  /** How many runs of another process were taken up. */
  takenUp: count,
  turns: count,
  tokens: z.object({ input: count, cached: count, output: count, reasoning: count }),
  /** How many requests wait for an answer, and for how long the oldest does, in milliseconds. */
  openRequests: count,
  oldestRequestMs: count,
  answered: count,
  events: count,
  /** How many readers of journals there are, and of `watch`. */
  readers: count,
  watchers: count,
  /** How many runs cannot get on since the store takes nothing, or nobody knows their task. */
  problems: count,
  /** How many of those cannot since the store takes nothing. */
  blocked: count,
});
export type Stats = z.infer<typeof statsSchema>;
