import type { EndRule } from '../contract/run-spec.ts';

/** How long is left until a run is over by its end rule, in milliseconds; undefined when time does not end it. */
export function timeLeft(rule: EndRule, startedAt: string | null | undefined, now = Date.now()): number | undefined {
  if (typeof rule === 'string') return undefined;
  // The clock may have been set back meanwhile: nobody gets more than the whole time.
  const passedMs = startedAt ? Math.max(0, now - Date.parse(startedAt)) : 0;
  return Math.max(0, rule.afterMs - passedMs);
}
