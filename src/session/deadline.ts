import type { EndRule } from '../contract/run-spec.ts';

/** How long is left until a run of this age is over by its end rule, in milliseconds; undefined when time does not end it. */
export function timeLeft(rule: EndRule, ageMs: number): number | undefined {
  return typeof rule === 'string' ? undefined : Math.max(0, rule.afterMs - ageMs);
}
