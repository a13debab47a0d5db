import type { RunEvent } from '../../../../src/contract/event.ts';

/** How much of what a login may use within a time is used up. */
export interface RateLimit {
  readonly usedPercent: number;
  /** How long the time is, in minutes; null when nobody has said. */
  readonly windowMinutes: number | null;
  /** When it begins anew, in milliseconds since 1970; null when nobody has said. */
  readonly resetsAt: number | null;
}

export interface RateLimits {
  readonly primary: RateLimit | null;
  readonly secondary: RateLimit | null;
}

/** The limits after one more event: Codex tells them as its provider does, and leaves out what it has told before. */
export function limitsAfter(before: RateLimits | null, event: RunEvent): RateLimits | null {
  if (event.type !== 'codex.notification' || event.method !== 'account/rateLimits/updated') return before;
  const told = asRecord(asRecord(event.params).rateLimits);
  const primary = limitOf(told.primary) ?? before?.primary ?? null;
  const secondary = limitOf(told.secondary) ?? before?.secondary ?? null;
  return primary || secondary ? { primary, secondary } : before;
}

/** `5 h limit`, `7 d limit`: how long it counts. */
export function windowInWords(minutes: number | null): string {
  if (minutes === null) return 'limit';
  if (minutes % 1440 === 0) return `${minutes / 1440} d limit`;
  return minutes % 60 === 0 ? `${minutes / 60} h limit` : `${minutes} min limit`;
}

function limitOf(value: unknown): RateLimit | undefined {
  const { usedPercent, windowDurationMins, resetsAt } = asRecord(value);
  if (typeof usedPercent !== 'number') return undefined;
  return {
    usedPercent,
    windowMinutes: typeof windowDurationMins === 'number' ? windowDurationMins : null,
    resetsAt: typeof resetsAt === 'number' ? resetsAt * 1000 : null,
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
